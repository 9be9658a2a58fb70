package io.portcullis.compiler.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.Direction;
import io.portcullis.compiler.explain.Explainer;
import io.portcullis.compiler.explain.Explanation;
import io.portcullis.compiler.state.Cluster;
import io.portcullis.net.Flow;
import io.portcullis.net.Protocol;
import io.portcullis.ruleset.Evaluator;
import io.portcullis.ruleset.RuleSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RuleSetCompilerPropertyTest {

  @Provide
  Arbitrary<List<ClusterObject>> clusters() {
    return RandomClusters.clusters();
  }

  @Property(tries = 1500)
  void everyVerdictIsTheOracles(@ForAll("clusters") List<ClusterObject> objects) {
    var oracle = new Oracle(objects);
    var cluster = new Cluster(objects);
    var ruleSets = new RuleSetCompiler(cluster, Set.of()).compileAll();
    for (var flow : flows()) {
      var allowed = true;
      for (var direction : Direction.values()) {
        var end = direction == Direction.EGRESS ? flow.source() : flow.destination();
        var rules = cluster.owner(end).map(pod -> ruleSets.get(pod.node())).orElse(RuleSet.EMPTY);
        allowed &= Evaluator.decide(rules, direction, flow).allowed();
      }
      assertThat(allowed).as("%s", flow).isEqualTo(oracle.allowed(flow));
    }
  }

  @Property(tries = 40)
  void everyExplanationIsTheOracles(@ForAll("clusters") List<ClusterObject> objects) {
    var oracle = new Oracle(objects);
    var explainer = new Explainer(new Cluster(objects), Set.of());
    for (var flow : flows()) {
      var verdict = explainer.explain(flow).verdict();
      assertThat(verdict == Explanation.Outcome.ALLOWED)
          .as("%s", flow)
          .isEqualTo(oracle.allowed(flow));
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
  void aNodeHoldsAllThatItRefersTo(@ForAll("clusters") List<ClusterObject> objects) {
    new RuleSetCompiler(new Cluster(objects), Set.of())
        .compileAll()
        .values()
        .forEach(rules -> assertThat(rules.dangling()).isEmpty());
  }

  private static List<Flow> flows() {
    var ports = new ArrayList<Optional<Flow.Port>>();
    ports.add(Optional.empty());
    for (var protocol : Protocol.values()) {
      RandomClusters.PORTS.forEach(n -> ports.add(Optional.of(new Flow.Port(protocol, n))));
    }
    var flows = new ArrayList<Flow>();
    for (var source : RandomClusters.addresses()) {
      for (var destination : RandomClusters.addresses()) {
        if (source.family() == destination.family()) {
          ports.forEach(port -> flows.add(new Flow(source, destination, port)));
        }
      }
    }
    return flows;
  }
}
