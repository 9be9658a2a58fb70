package io.portcullis.policy.lint;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.PortSpec;
import io.portcullis.cluster.TieredRule;
import io.portcullis.net.Flow;
import io.portcullis.oracle.Oracle;
import io.portcullis.oracle.RandomClusters;
import io.portcullis.policy.state.Cluster;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import net.jqwik.api.Example;
import org.assertj.core.api.SoftAssertions;

/** What is said to have no effect is taken away, and the oracle decides as before. */
class LinterPropertyTest {
  private static final int CLUSTERS = 400;
  private static final Pattern RULE =
      Pattern.compile("spec\\.(ingress|egress)\\[(\\d+)](?:\\.(?:from|to)\\[(\\d+)])?.*");

  private static final List<Flow> FLOWS = RandomClusters.flows();

  @Example
  void whatHasNoEffectCanBeTakenAway() {
    var tried = new EnumMap<Check, Integer>(Check.class);
    for (var seed = 1; seed <= CLUSTERS; seed++) {
      var objects = RandomClusters.of(seed);
      var oracle = new Oracle(objects, Set.of());
      for (var finding : Linter.findings(new Cluster(objects))) {
        var without = without(finding, objects);
        if (without.isPresent()) {
          tried.merge(finding.check(), 1, Integer::sum);
          assertThat(firstDifference(oracle, new Oracle(without.get(), Set.of())))
              .as("seed %d, %s: %s", seed, finding, objects)
              .isEmpty();
        }
      }
    }
    SoftAssertions.assertSoftly(
        softly ->
            List.of(
                    Check.SUBJECT_SELECTS_NOTHING,
                    Check.PEER_SELECTS_NOTHING,
                    Check.PORT_NAME_OF_ADDRESSES,
                    Check.SHADOWED_RULE,
                    Check.REDUNDANT_RULE)
                .forEach(check -> softly.assertThat(tried).containsKey(check)));
  }

  private static Optional<Flow> firstDifference(Oracle before, Oracle after) {
    return FLOWS.stream().filter(flow -> before.allowed(flow) != after.allowed(flow)).findFirst();
  }

  /** Returns the cluster without what has no effect; empty if the finding says nothing of that. */
  private static Optional<List<ClusterObject>> without(
      Finding finding, List<ClusterObject> objects) {
    if (finding.field().matches(".*\\.(from|to)")) { // which of a tiered rule's peers is not told
      return Optional.empty();
    }
    return switch (finding.check()) {
      case CONTRADICTORY_SELECTOR,
          SUBJECT_SELECTS_NOTHING,
          PEER_SELECTS_NOTHING,
          PORT_NAME_OF_ADDRESSES,
          SHADOWED_RULE,
          REDUNDANT_RULE,
          UNLISTED_DIRECTION -> {
        var rest = new ArrayList<ClusterObject>();
        for (var object : objects) {
          if (!object.key().equals(finding.object())) {
            rest.add(object);
          } else if (!finding.field().startsWith("spec.podSelector")
              && !finding.field().startsWith("spec.subject")) {
            rest.add(changed(object, finding.field()));
          }
        }
        yield Optional.of(rest);
      }
      case UNKNOWN_PORT_NAME,
          LEGACY_WITHOUT_ISOLATION,
          SEPARATE_PEERS,
          BLOCK_HOLDS_PODS,
          FORGOTTEN_PODS,
          OPEN_NAMESPACE,
          EGRESS_WITHOUT_DNS ->
          Optional.empty();
    };
  }

  private static ClusterObject changed(ClusterObject object, String field) {
    var place = RULE.matcher(field);
    if (!place.matches()) { // a whole direction
      return switch (object) {
        case NetworkPolicy(var key, var origin, var subjects, var types, var in, var out) ->
            field.equals("spec.ingress")
                ? new NetworkPolicy(key, origin, subjects, types, List.of(), out)
                : new NetworkPolicy(key, origin, subjects, types, in, List.of());
        default -> throw new AssertionError(object);
      };
    }
    var ingress = place.group(1).equals("ingress");
    var index = Integer.parseInt(place.group(2));
    var peer = Optional.ofNullable(place.group(3)).map(Integer::parseInt);
    UnaryOperator<PolicyRule> change =
        rule ->
            field.endsWith(".ports")
                ? withoutNamedPorts(rule)
                : peer.map(p -> withoutPeer(rule, p)).orElse(PolicyRule.NOTHING);
    return switch (object) {
      case NetworkPolicy(var key, var origin, var subjects, var types, var in, var out) ->
          ingress
              ? new NetworkPolicy(key, origin, subjects, types, replaced(in, index, change), out)
              : new NetworkPolicy(key, origin, subjects, types, in, replaced(out, index, change));
      case TieredPolicy(
              var key,
              var origin,
              var tier,
              var priority,
              var subject,
              var in,
              var out) -> {
        UnaryOperator<TieredRule> tiered =
            rule -> new TieredRule(rule.name(), rule.action(), change.apply(rule.match()));
        yield ingress
            ? new TieredPolicy(
                key, origin, tier, priority, subject, replaced(in, index, tiered), out)
            : new TieredPolicy(
                key, origin, tier, priority, subject, in, replaced(out, index, tiered));
      }
      default -> throw new AssertionError(object);
    };
  }

  private static PolicyRule withoutPeer(PolicyRule rule, int index) {
    var peers = new ArrayList<Peer>(rule.peers().orElseThrow());
    peers.remove(index);
    return new PolicyRule(Optional.of(peers), rule.ports());
  }

  private static PolicyRule withoutNamedPorts(PolicyRule rule) {
    return new PolicyRule(
        rule.peers(),
        rule.ports()
            .map(
                ports ->
                    ports.stream().filter(port -> !(port instanceof PortSpec.Named)).toList()));
  }

  private static <T> List<T> replaced(List<T> list, int index, UnaryOperator<T> change) {
    var copy = new ArrayList<>(list);
    copy.set(index, change.apply(copy.get(index)));
    return copy;
  }
}
