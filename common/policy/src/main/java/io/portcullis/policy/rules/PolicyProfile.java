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

/** What all policies together make of a pod; classes that policies treat alike share it. */
public final class PolicyProfile {
  final Key key;
  final Set<PodClass> classes = new HashSet<>(4);

  /** For the families in which somebody needed them. */
  final Map<Family, Paths> paths = new EnumMap<>(Family.class);

  /**
   * What it follows from.
   *
   * @param groups with policies that the pods are subjects of, in order
   * @param isolated the namespace whose annotation isolates the pods (L1), or empty
   * @param ports of the pods, those that ingress rules of the policies name (N9)
   */
  record Key(List<PodGroup> groups, String isolated, List<ContainerPort> ports) {
    static final Key NOTHING = new Key(List.of(), "", List.of());

    Selection selection(Direction direction) {
      List<NetworkPolicy> networkPolicies =
          groups.stream().flatMap(group -> group.networkPolicies.values().stream()).toList();
      List<TieredPolicy> tiered =
          groups.stream().flatMap(group -> group.tieredPolicies.values().stream()).toList();
      return Selection.of(networkPolicies, !isolated.isEmpty(), tiered, direction);
    }
  }

  /**
   * The first chain of each way, and all that follow.
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
