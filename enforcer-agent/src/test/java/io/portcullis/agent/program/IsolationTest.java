package io.portcullis.agent.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.Direction;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.DanglingReferences;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.RandomRuleSets;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.TrafficPath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class IsolationTest {

  /** A kernel that refuses rule sets that hold any of these records. */
  private static Isolation.Trial refusing(Set<NodeRecord> bad) {
    return rules ->
        rules.records().values().stream()
            .filter(bad::contains)
            .map(item -> "Error: no " + item.key())
            .findFirst();
  }

  @Property(tries = 300)
  void exactlyWhatIsRefusedIsLeftOutAndEndpointsThatNeedItAreClosed(@ForAll long seed) {
    var random = new Random(seed);
    var rules = RandomRuleSets.next(random);
    var bad = new HashSet<NodeRecord>();
    rules.records().values().stream()
        .filter(_ -> random.nextInt(8) == 0)
        .filter(item -> !(item instanceof NodeRecord.Member) && !isDenial(item))
        .filter(item -> !(item instanceof Endpoint endpoint && isClosed(endpoint, rules)))
        .forEach(bad::add);
    var found = Isolation.of(rules, refusing(bad));
    assertThat(found.isPresent()).isEqualTo(!bad.isEmpty());
    if (found.isEmpty()) {
      return;
    }
    var isolation = found.get();
    var lost = lost(rules, bad);
    assertThat(DanglingReferences.of(isolation.rules())).isEmpty();
    assertThat(isolation.digest()).isEqualTo(isolation.rules().digest().hex());
    assertThat(lost).containsAll(isolation.refused().keySet());
    assertThat(isolation.rules().records().values()).doesNotContainAnyElementsOf(bad);
    for (var item : rules.records().values()) {
      var there = Optional.ofNullable(isolation.rules().records().get(item.key()));
      if (item instanceof Endpoint endpoint && lost.contains(item.key())) {
        assertThat(isolation.closed()).contains(item.key());
        assertThat(isClosed((Endpoint) there.orElseThrow(), isolation.rules())).isTrue();
        assertThat(endpoint.pod()).isEqualTo(((Endpoint) there.get()).pod());
      } else if (!(item instanceof NodeRecord.Member)) {
        assertThat(there.isPresent()).as(item.key()).isEqualTo(!lost.contains(item.key()));
      }
    }
  }

  /** A kernel that refuses these lets nothing be closed. */
  private static boolean isDenial(NodeRecord item) {
    return item instanceof Chain chain
        && chain.rules().isEmpty()
        && chain.end().equals(Action.DENY);
  }

  /** There is nothing left to close. */
  private static boolean isClosed(Endpoint endpoint, RuleSet rules) {
    return Stream.of(TrafficPath.values())
        .allMatch(
            way -> endpoint.chain(way).flatMap(rules::chain).filter(c -> isDenial(c)).isPresent());
  }

  /** Naively: again and again, until nothing more is lost. */
  private static Set<String> lost(RuleSet rules, Set<NodeRecord> bad) {
    var lost = new HashSet<String>();
    bad.forEach(item -> lost.add(item.key()));
    for (var before = -1; before != lost.size(); ) {
      before = lost.size();
      for (var item : rules.records().values()) {
        if (Parts.references(item).stream().anyMatch(lost::contains)) {
          lost.add(item.key());
        }
      }
    }
    return lost;
  }

  @Test
  void aKernelThatRefusesEverythingFindsNoObjectAtFault() {
    var rules = RandomRuleSets.next(new Random(5));
    assertThat(Isolation.of(rules, _ -> Optional.of("not permitted"))).isEmpty();
  }

  @Test
  void whatIsTakenAfterAllHasNoObjectAtFault() {
    assertThat(Isolation.of(RandomRuleSets.next(new Random(5)), _ -> Optional.empty())).isEmpty();
  }

  @Test
  void tooManyAtFaultAreNobodysFault() {
    var bad = new ArrayList<NodeRecord>();
    for (var next : List.of("10.0.0.", "10.0.1.")) {
      for (var i = 1; i < 12; i++) {
        var ip = io.portcullis.net.IpAddress.parse(next + i);
        bad.add(new Endpoint(ip, "", Optional.empty(), Optional.empty(), Optional.empty()));
      }
    }
    assertThat(Isolation.of(RuleSet.of(bad), refusing(Set.copyOf(bad)))).isEmpty();
  }

  @Test
  void aDenialThatTheRulesHaveAnywayStays() {
    var denial = Chain.of(Direction.INGRESS, io.portcullis.net.Family.V4, List.of(), Action.DENY);
    var bad =
        new Endpoint(
            io.portcullis.net.IpAddress.parse("10.0.0.1"),
            "",
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    var isolation = Isolation.of(RuleSet.of(List.of(denial, bad)), refusing(Set.of(bad)));
    assertThat(isolation.orElseThrow().rules().chain(denial.id())).isPresent();
  }
}
