package io.portcullis.compiler.rules;

import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.Tier;
import io.portcullis.compiler.state.Cluster;
import java.util.List;
import java.util.Optional;

/**
 * Which policies speak for a pod in a direction (A1).
 *
 * @param admin those of the Admin tier in the order in which they decide
 * @param networkPolicies whose rules are united for the pod (N3); absent: the pod is not isolated
 *     in this direction; empty: isolated, and nothing allowed
 * @param baseline those of the Baseline tier in their order; none for a pod that is isolated (A5)
 */
public record Selection(
    List<TieredPolicy> admin,
    Optional<List<NetworkPolicy>> networkPolicies,
    List<TieredPolicy> baseline) {
  static final Selection NOTHING = new Selection(List.of(), Optional.empty(), List.of());

  /** What the state of the cluster selects, whoever is exempt. */
  public static Selection of(Cluster cluster, Pod pod, Direction direction) {
    var networkPolicies = networkPolicies(cluster, pod, direction);
    return new Selection(
        tiered(cluster, pod, Tier.ADMIN, direction),
        networkPolicies,
        networkPolicies.isPresent() // A5
            ? List.of()
            : tiered(cluster, pod, Tier.BASELINE, direction));
  }

  private static List<TieredPolicy> tiered(
      Cluster cluster, Pod pod, Tier tier, Direction direction) {
    var namespace = cluster.namespace(pod.key().namespace());
    return cluster.policies(tier).stream()
        .filter(policy -> !policy.rules(direction).isEmpty()) // A6
        .filter(policy -> PeerPods.of(policy.subject()).matches(namespace, pod)) // A6
        .toList();
  }

  private static Optional<List<NetworkPolicy>> networkPolicies(
      Cluster cluster, Pod pod, Direction direction) {
    var namespace = pod.key().namespace();
    var selecting =
        cluster.policies(namespace).stream()
            .filter(policy -> policy.subjects().matches(pod.labels())) // N1
            .toList();
    var annotated =
        direction == Direction.INGRESS && cluster.namespace(namespace).ingressDefaultDeny(); // L1
    var isolating =
        selecting.stream().filter(policy -> policy.types().contains(direction)).toList(); // N2
    if (isolating.isEmpty() && !annotated) {
      return Optional.empty(); // N3, L3
    }
    return Optional.of(
        selecting.stream()
            .filter(policy -> isolating.contains(policy) || (annotated && policy.legacy())) // L3
            .toList());
  }
}
