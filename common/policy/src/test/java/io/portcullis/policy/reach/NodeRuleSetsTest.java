package io.portcullis.policy.reach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.Node;
import io.portcullis.net.Family;
import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.oracle.Oracle;
import io.portcullis.oracle.RandomChange;
import io.portcullis.oracle.RandomClusters;
import io.portcullis.policy.rules.RuleSetCompiler;
import io.portcullis.policy.state.Cluster;
import io.portcullis.ruleset.Evaluator;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.TrafficPath;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the compiled rule sets of all nodes decide, over all flows, and how two builds compare. */
class NodeRuleSetsTest {
  private static final int CLUSTERS = Integer.getInteger("portcullis.reach.clusters", 50);

  /** The rule sets of all nodes in one state of a cluster. */
  private record Compiled(Map<String, RuleSet> rules, Map<String, List<IpAddress>> addresses) {
    static Compiled of(Collection<ClusterObject> objects, Set<String> exempt) {
      var addresses = new HashMap<String, List<IpAddress>>();
      for (var object : objects) {
        if (object instanceof Node node) {
          addresses.put(node.key().name(), node.addresses());
        }
      }
      return new Compiled(
          new RuleSetCompiler(new Cluster(objects), exempt).compileAll(), addresses);
    }

    static Compiled of(Collection<ClusterObject> objects) {
      return of(objects, Set.of());
    }

    Snapshot snapshot() {
      return Snapshot.of(rules, addresses);
    }

    /** Decides a flow as the kernels at both ends do. */
    boolean allows(Flow flow) {
      return !flow.source().equals(flow.destination()) && bothEnds(flow)
          || flow.source().equals(flow.destination()); // T4
    }

    boolean bothEnds(Flow flow) {
      return end(flow, flow.source(), flow.destination(), TrafficPath.EGRESS)
          && end(flow, flow.destination(), flow.source(), TrafficPath.INGRESS);
    }

    private boolean end(Flow flow, IpAddress subject, IpAddress peer, TrafficPath path) {
      for (var node : rules.entrySet()) {
        if (node.getValue().endpoint(subject).isPresent()) {
          return isAddress(node.getKey(), peer)
              ? path == TrafficPath.INGRESS || decides(node, TrafficPath.TO_OWN_NODE, flow) // T5
              : decides(node, path, flow);
        }
      }
      return true; // T1
    }

    private boolean isAddress(String node, IpAddress ip) {
      return addresses.getOrDefault(node, List.of()).contains(ip)
          && rules.values().stream().noneMatch(set -> set.endpoint(ip).isPresent());
    }

    private static boolean decides(Map.Entry<String, RuleSet> node, TrafficPath path, Flow flow) {
      return Evaluator.decide(node.getValue(), path, flow).allowed();
    }
  }

  @Test
  void compiledRulesDecideEveryFlowAsTheOracleDoes() {
    for (var seed = 1L; seed <= CLUSTERS; seed++) {
      var objects = RandomClusters.of(seed);
      var exempt = seed % 2 == 0 ? Set.of("c") : Set.<String>of();
      var snapshot = Compiled.of(objects, exempt).snapshot();
      var oracle = new Oracle(objects, exempt);
      for (var family : Family.values()) {
        var space = new PeerSpace(family, List.of(snapshot), List.of());
        ReachabilityOracleTest.assertSame(seed, family, new Reachability(space, snapshot), oracle);
      }
    }
  }

  @Test
  void theFirstDifferenceOfTwoRuleSetsIsDecidedDifferentlyByTheKernels() {
    var same = 0;
    for (var seed = 1L; seed <= CLUSTERS; seed++) {
      var change = RandomChange.of(seed, EnumSet.allOf(RandomChange.Kind.class));
      var before = Compiled.of(change.before());
      var after = Compiled.of(change.after());
      var found = Comparison.first(before.snapshot(), after.snapshot());
      if (found.isPresent()) {
        var at = found.get();
        assertThat(at.throughService() ? before.bothEnds(at.flow()) : before.allows(at.flow()))
            .as("change %d: %s", seed, at)
            .isEqualTo(at.allowed())
            .isNotEqualTo(at.after());
        assertThat(at.throughService() ? after.bothEnds(at.flow()) : after.allows(at.flow()))
            .as("change %d: %s", seed, at)
            .isEqualTo(at.after());
      } else {
        same++;
        for (var flow : RandomClusters.flows()) {
          assertThat(after.allows(flow))
              .as("change %d: %s", seed, flow)
              .isEqualTo(before.allows(flow));
        }
      }
    }
    assertThat(same).as("changes that change nothing").isBetween(1, CLUSTERS - 1);
  }

  @Test
  void anotherBuildMayNameItsSetsAndChainsOtherwise() {
    for (var seed = 1L; seed <= CLUSTERS; seed++) {
      var one = Compiled.of(RandomClusters.of(seed));
      var renamed = new HashMap<String, RuleSet>();
      one.rules().forEach((node, rules) -> renamed.put(node, Renamed.of(rules)));
      var other = new Compiled(renamed, one.addresses());
      assertThat(Comparison.first(one.snapshot(), other.snapshot()))
          .as("cluster %d", seed)
          .isEmpty();
    }
  }

  @Test
  void aRuleThatAnotherBuildLeavesOutIsFound() {
    var found = 0;
    for (var seed = 1L; seed <= CLUSTERS; seed++) {
      var one = Compiled.of(RandomClusters.of(seed));
      var without = new HashMap<String, RuleSet>();
      one.rules().forEach((node, rules) -> without.put(node, Renamed.withoutLastRules(rules)));
      var other = new Compiled(without, one.addresses());
      var difference = Comparison.first(one.snapshot(), other.snapshot());
      if (difference.isPresent()) {
        var at = difference.get();
        assertThat(at.throughService() ? other.bothEnds(at.flow()) : other.allows(at.flow()))
            .as("cluster %d: %s", seed, at)
            .isEqualTo(at.after())
            .isNotEqualTo(at.allowed());
        found++;
      }
    }
    assertThat(found).isPositive();
  }

  @Test
  void ruleSetsOfSeveralStatesAreNoState() {
    var rules = Compiled.of(RandomClusters.of(3)).rules();
    var twice = new HashMap<>(rules);
    var some =
        rules.entrySet().stream()
            .filter(node -> !node.getValue().endpoints().isEmpty())
            .findFirst()
            .orElseThrow();
    twice.put("another", some.getValue());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Snapshot.of(twice, Map.of()))
        .withMessageContaining("another")
        .withMessageContaining(some.getKey())
        .withMessageContaining("both have the endpoint");
  }
}
