package io.portcullis.watcher.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.history.NodePosition;
import io.portcullis.history.Progress;
import io.portcullis.history.ShardProgress;
import io.portcullis.net.Family;
import io.portcullis.ruleset.Applied;
import io.portcullis.ruleset.SetId;
import io.portcullis.ruleset.SetKind;
import io.portcullis.watcher.status.Rollout.Reach;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A11 */
class RolloutTest {
  private static final String TOPIC = "topic";
  private static final SetId SET = SetId.of(SetKind.values()[0], Family.values()[0], "any");

  private static ShardProgress shard(long compiled, Map<String, NodePosition> nodes) {
    var progress = new Progress(0, TOPIC, compiled, 0, "history", 0);
    return new ShardProgress(Optional.of(progress), new TreeMap<>(nodes), List.of());
  }

  private static NodePosition at(long version) {
    return new NodePosition(version, "", 0, 0, 0, 0, 0, 0, 0, Optional.empty());
  }

  private static Applied answer(String node, long version, Applied.Wide... wide) {
    return new Applied(
        node,
        version,
        "",
        "",
        Optional.empty(),
        0,
        0,
        0,
        List.of(),
        Optional.empty(),
        new Applied.Agent("", "", ""),
        List.of(wide));
  }

  private static Reach reach(int nodes, String... behind) {
    return new Reach(nodes, new TreeSet<>(Set.of(behind)));
  }

  @Test
  void nodesThatHoldTheNewestVersionHaveWhatTheirShardHasCompiled() {
    var rollout =
        new Rollout(
            List.of(shard(10, Map.of("a", at(3), "b", at(4))), shard(7, Map.of("c", at(1)))),
            Map.of("a", answer("a", 3), "b", answer("b", 3), "c", answer("c", 1)));
    assertThat(rollout.reach(TOPIC, 7)).isEqualTo(reach(3, "b"));
    assertThat(rollout.reach(TOPIC, 10)).isEqualTo(reach(3, "b", "c"));
    assertThat(rollout.reach(TOPIC, 11)).isEqualTo(reach(3, "a", "b", "c"));
    assertThat(rollout.reach("another", 1)).isEqualTo(reach(3, "a", "b", "c"));
  }

  @Test
  void onlyNodesWhoseVersionIsThereAndNotKnownToBeHeldAreAsked() {
    var rollout =
        new Rollout(
            List.of(
                shard(10, Map.of("holds", at(3), "older", at(4), "silent", at(1))),
                shard(7, Map.of("uncompiled", at(2)))),
            Map.of("holds", answer("holds", 3), "older", answer("older", 3)));
    assertThat(rollout.unanswered(TOPIC, 10)).containsExactly("older", "silent");
    assertThat(rollout.unanswered("another", 1)).isEmpty();
  }

  @Test
  void aNodeThatNeverAnsweredIsBehindAndOneThatIsGoneIsNone() {
    var gone = at(9).with(new NodePosition.Gone(1, 1, false));
    var rollout =
        new Rollout(
            List.of(shard(10, Map.of("silent", at(3), "gone", gone, "a", at(1)))),
            Map.of("a", answer("a", 2)));
    assertThat(rollout.reach(TOPIC, 10)).isEqualTo(reach(2, "silent"));
    assertThat(rollout.reach(TOPIC, 10).isComplete()).isFalse();
  }

  @Test
  void aWideSetThatANodeHoldsMustBeTheNewestToo() {
    var set = NodePosition.OF_SETS + SET;
    var answers = Map.of("a", answer("a", 3, new Applied.Wide(SET, 5, "")));
    var nodes = shard(10, Map.of("a", at(3)));
    assertThat(new Rollout(List.of(nodes, shard(10, Map.of(set, at(5)))), answers).reach(TOPIC, 10))
        .isEqualTo(reach(1));
    assertThat(new Rollout(List.of(nodes, shard(10, Map.of(set, at(6)))), answers).reach(TOPIC, 10))
        .isEqualTo(reach(1, "a"));
    assertThat(new Rollout(List.of(nodes, shard(9, Map.of(set, at(5)))), answers).reach(TOPIC, 10))
        .isEqualTo(reach(1, "a"));
  }

  @Test
  void withoutNodesNothingIsComplete() {
    assertThat(new Rollout(List.of(), Map.of()).reach(TOPIC, 0).isComplete()).isFalse();
  }
}
