package io.portcullis.policy.rules;

import io.portcullis.cluster.ClusterObject.ContainerPort;
import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import io.portcullis.policy.grouping.PodClass;
import io.portcullis.policy.grouping.PodGroup;
import io.portcullis.ruleset.ChainId;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What all policies together mean for a pod. Classes that policies treat alike share a profile. */
final class PolicyProfile {
  final Key key;
  final Set<PodClass> classes = new HashSet<>(4);

  /** The paths of the families that have been asked for. */
  final Map<Family, Paths> paths = new EnumMap<>(Family.class);

  /**
   * What a profile follows from.
   *
   * @param groups the groups of the pods that have policies, in order
   * @param isolated the namespace whose annotation isolates the pods (L1), or empty
   * @param ports the ports of the pods that ingress rules of the policies name (N9)
   * @param refused whether the pods were refused, so that nothing is allowed to or from them (N10)
   */
  record Key(List<PodGroup> groups, String isolated, List<ContainerPort> ports, boolean refused) {
    static final Key NOTHING = new Key(List.of(), "", List.of(), false);
    static final Key REFUSED = new Key(List.of(), "", List.of(), true);

    Selection selection(Direction direction) {
      if (refused) {
        return Selection.REFUSED;
      }
      List<NetworkPolicy> networkPolicies =
          groups.stream().flatMap(group -> group.networkPolicies().stream()).toList();
      List<TieredPolicy> tiered =
          groups.stream().flatMap(group -> group.tieredPolicies().stream()).toList();
      return Selection.of(networkPolicies, !isolated.isEmpty(), tiered, direction);
    }
  }

  /**
   * The first chain of each path of traffic, and all chains of these paths.
   *
   * @param chains each once
   */
  record Paths(
      Optional<ChainId> ingress,
      Optional<ChainId> egress,
      Optional<ChainId> toOwnNode,
      Set<LiveChain> chains) {}

  PolicyProfile(Key key) {
    this.key = key;
  }
}
