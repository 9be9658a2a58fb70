package io.portcullis.policy.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.json.Json;
import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.oracle.Oracle;
import io.portcullis.oracle.RandomClusters;
import io.portcullis.policy.explain.Explainer;
import io.portcullis.policy.explain.Explanation;
import io.portcullis.policy.state.Cluster;
import io.portcullis.ruleset.DanglingReferences;
import io.portcullis.ruleset.Evaluator;
import io.portcullis.ruleset.NodeRecords;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.TrafficPath;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RuleSetCompilerPropertyTest {
  private static final Set<String> EXEMPT = Set.of("c");

  private static final List<Flow> FLOWS = RandomClusters.flows();

  @Provide
  Arbitrary<List<ClusterObject>> clusters() {
    return Arbitraries.randomValue(RandomClusters::next);
  }

  @Property(tries = 2000)
  void everyVerdictIsTheOracles(
      @ForAll("clusters") List<ClusterObject> objects, @ForAll boolean exempting) {
    var exempt = exempting ? EXEMPT : Set.<String>of();
    if (firstDifference(objects, exempt).isPresent()) {
      var fewest = fewest(objects, o -> firstDifference(o, exempt).isPresent());
      var flow = firstDifference(fewest, exempt).orElseThrow();
      throw new AssertionError(
          "%s, the oracle says %s: %s"
              .formatted(flow, meant(new Oracle(fewest, exempt), flow), fewest));
    }
  }

  private static Optional<Flow> firstDifference(List<ClusterObject> objects, Set<String> exempt) {
    var oracle = new Oracle(objects, exempt);
    var cluster = new Cluster(objects);
    var ruleSets = new RuleSetCompiler(cluster, exempt).compileAll();
    return FLOWS.stream()
        .filter(flow -> allowed(cluster, ruleSets, flow) != meant(oracle, flow))
        .findFirst();
  }

  /** A kernel sees what a pod sends to itself only where it came back from a service (A12). */
  private static boolean meant(Oracle oracle, Flow flow) {
    return flow.source().equals(flow.destination())
        ? oracle.allowedThroughService(flow.source(), flow.port())
        : oracle.allowed(flow);
  }

  /** As packets go: to and from the own node by other hooks than to all others. */
  private static boolean allowed(Cluster cluster, Map<String, RuleSet> ruleSets, Flow flow) {
    var toOwnNode = isOwnNode(cluster, flow.source(), flow.destination());
    var fromOwnNode = isOwnNode(cluster, flow.destination(), flow.source());
    return Evaluator.decide(
                rules(cluster, ruleSets, flow.source()),
                toOwnNode ? TrafficPath.TO_OWN_NODE : TrafficPath.EGRESS,
                flow)
            .allowed()
        && (fromOwnNode
            || Evaluator.decide(
                    rules(cluster, ruleSets, flow.destination()), TrafficPath.INGRESS, flow)
                .allowed());
  }

  private static RuleSet rules(Cluster cluster, Map<String, RuleSet> ruleSets, IpAddress end) {
    return cluster.owner(end).map(pod -> ruleSets.get(pod.node())).orElse(RuleSet.EMPTY);
  }

  private static boolean isOwnNode(Cluster cluster, IpAddress pod, IpAddress peer) {
    return cluster.owner(peer).isEmpty()
        && cluster
            .owner(pod)
            .flatMap(owner -> cluster.node(owner.node()))
            .filter(node -> node.addresses().contains(peer))
            .isPresent();
  }

  /** Of a random value jqwik cannot make a smaller one that still fails. */
  private static List<ClusterObject> fewest(
      List<ClusterObject> objects, Predicate<List<ClusterObject>> fails) {
    for (var object : objects) {
      var fewer = new ArrayList<>(objects);
      fewer.remove(object);
      if (fails.test(fewer)) {
        return fewest(fewer, fails);
      }
    }
    return objects;
  }

  @Property(tries = 50)
  void everyExplanationIsTheOracles(@ForAll("clusters") List<ClusterObject> objects) {
    var oracle = new Oracle(objects, EXEMPT);
    var explainer = new Explainer(new Cluster(objects), EXEMPT);
    for (var flow : FLOWS) {
      var verdict = explainer.explain(flow).verdict();
      assertThat(verdict == Explanation.Outcome.ALLOWED)
          .as("%s in %s", flow, objects)
          .isEqualTo(oracle.allowed(flow));
      assertThat(explainer.allows(flow)).isEqualTo(oracle.allowed(flow));
    }
  }

  @Property(tries = 300)
  void orderNeverMatters(@ForAll("clusters") List<ClusterObject> objects, @ForAll Random random) {
    var shuffled = new ArrayList<>(objects);
    Collections.shuffle(shuffled, random);
    var one = new RuleSetCompiler(new Cluster(objects), Set.of()).compileAll();
    var other = new RuleSetCompiler(new Cluster(shuffled), Set.of()).compileAll();
    assertThat(other).isEqualTo(one);
    one.forEach((node, rules) -> assertThat(other.get(node).digest()).isEqualTo(rules.digest()));
  }

  @Property(tries = 300)
  void aNodeHoldsAllThatItRefersToAndItsTopicToo(@ForAll("clusters") List<ClusterObject> objects) {
    for (var rules : new RuleSetCompiler(new Cluster(objects), Set.of()).compileAll().values()) {
      assertThat(DanglingReferences.of(rules)).isEmpty();
      for (var item : rules.records().values()) {
        assertThat(NodeRecords.parse(item.key(), NodeRecords.bytes(item))).isEqualTo(item);
      }
    }
  }

  @Property(tries = 100)
  void objectsAreReadFromTheTopicAsTheyWereWritten(
      @ForAll("clusters") List<ClusterObject> objects) {
    for (var object : objects) {
      assertThat(Json.read(Json.bytes(object), ClusterObject.class)).isEqualTo(object);
    }
  }
}
