package io.portcullis.policy.rules;

import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.Tier;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The policies that apply to a pod in a direction (A1).
 *
 * @param admin the policies of the Admin tier in the order in which they decide
 * @param networkPolicies the NetworkPolicies whose rules are united for the pod (N3), by key.
 *     Absent: the pod is not isolated in this direction. Empty: the pod is isolated, and nothing is
 *     allowed
 * @param baseline the policies of the Baseline tier in their order; none if the pod is isolated
 *     (A5)
 */
public record Selection(
    List<TieredPolicy> admin,
    Optional<List<NetworkPolicy>> networkPolicies,
    List<TieredPolicy> baseline) {

  /** What applies to a pod that was refused, whatever the policies say (N10). */
  static final Selection REFUSED = new Selection(List.of(), Optional.of(List.of()), List.of());

  /** The order of decision. A policy without a priority comes last (A2, A4). */
  public static final Comparator<TieredPolicy> DECIDES_FIRST =
      Comparator.comparingInt(TieredPolicy::priority)
          .thenComparing(policy -> policy.key().name())
          .thenComparing(policy -> policy.key().kind())
          .thenComparing(TieredPolicy::key);

  /**
   * Returns the selection that follows from the policies that select a pod.
   *
   * @param annotated whether an annotation isolates the pod's namespace for ingress (L1)
   */
  public static Selection of(
      List<NetworkPolicy> selecting,
      boolean annotated,
      List<TieredPolicy> tiered,
      Direction direction) {
    var networkPolicies = networkPolicies(selecting, annotated, direction);
    return new Selection(
        tier(tiered, Tier.ADMIN, direction),
        networkPolicies,
        networkPolicies.isPresent() // A5
            ? List.of()
            : tier(tiered, Tier.BASELINE, direction));
  }

  private static List<TieredPolicy> tier(
      List<TieredPolicy> policies, Tier tier, Direction direction) {
    return policies.stream()
        .filter(policy -> policy.tier() == tier)
        .filter(policy -> !policy.rules(direction).isEmpty()) // A6
        .sorted(DECIDES_FIRST)
        .toList();
  }

  private static Optional<List<NetworkPolicy>> networkPolicies(
      List<NetworkPolicy> selecting, boolean annotated, Direction direction) {
    var isolated = annotated && direction == Direction.INGRESS; // L1
    if (!isolated && selecting.stream().noneMatch(policy -> isolates(policy, direction))) {
      return Optional.empty(); // N3, L3
    }
    return Optional.of(
        selecting.stream()
            .filter(policy -> isolates(policy, direction) || (isolated && policy.legacy())) // L3
            .sorted(Comparator.comparing(NetworkPolicy::key))
            .toList());
  }

  private static boolean isolates(NetworkPolicy policy, Direction direction) {
    return policy.types().contains(direction); // N2
  }
}
