package io.portcullis.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.bench.chaos.Timeline.Stamped;
import io.portcullis.net.Flow;
import io.portcullis.net.Protocol;
import io.portcullis.ruleset.Evaluator;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.TrafficPath;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Tests one version of the node, which lets a wide set in. The set is empty, has the client, and is
 * empty again.
 */
class NodeVersionsTest {
  private static final RuleSet EMPTY = Rules.peers();
  private static final RuleSet CLIENT = Rules.peers(Rules.CLIENT);
  private static final VersionLog NODE =
      Rules.log("node-1", Rules.version(5, Rules.LETS_PEERS, EMPTY));
  private static final VersionLog SET =
      Rules.log("set", Rules.version(1, EMPTY), Rules.version(2, CLIENT), Rules.version(3, EMPTY));
  private static final Flow FLOW =
      new Flow(Rules.CLIENT, Rules.SERVER, Optional.of(new Flow.Port(Protocol.TCP, 80)));

  private final NodeVersions versions =
      new NodeVersions(NODE, Map.of(Rules.PEERS, SET), List.of(), List.of());

  private static Stamped stamp(RuleSet set) {
    return new Stamped(5, Rules.LETS_PEERS.with(set.sets()).digest().hex(), 10);
  }

  private List<Boolean> verdicts(Stamped first, Stamped last) {
    return versions.between(first, last, FLOW).stream()
        .map(rules -> Evaluator.decide(rules, TrafficPath.INGRESS, FLOW).allowed())
        .toList();
  }

  @Test
  void aStampTellsWhichVersionsOfSetsItHas() {
    assertThat(verdicts(stamp(EMPTY), stamp(EMPTY))).containsExactly(false);
    assertThat(verdicts(stamp(CLIENT), stamp(CLIENT))).containsExactly(true);
  }

  @Test
  void onTheWayFromOneToTheOtherBothMayDecide() {
    assertThat(verdicts(stamp(EMPTY), stamp(CLIENT))).containsExactlyInAnyOrder(false, true);
  }

  @Test
  void whatNoSetMakesIsNone() {
    assertThat(versions.holds(stamp(CLIENT))).isTrue();
    assertThat(versions.holds(stamp(Rules.peers(Rules.SERVER)))).isFalse();
    assertThat(versions.holds(new Stamped(6, stamp(CLIENT).digest(), 10))).isFalse();
  }
}
