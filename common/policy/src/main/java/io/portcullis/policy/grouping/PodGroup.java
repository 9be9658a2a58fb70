package io.portcullis.policy.grouping;

import io.portcullis.cluster.ClusterObject.ContainerPort;
import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.PortSpec;
import io.portcullis.cluster.TieredRule;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The pods that one pair of selectors selects, as subjects of policies, as peers or as both. */
public final class PodGroup implements Comparable<PodGroup> {
  public final PeerPods pods;

  /** The group's place in the order of groups. */
  private final long number;

  /** Where {@link PodGroups} finds it by the labels of a pod. */
  final List<Bucket> buckets;

  /** The policies whose subjects the pods are. */
  private final Map<ObjectKey, NetworkPolicy> networkPolicies = new HashMap<>(4);

  private final Map<ObjectKey, TieredPolicy> tieredPolicies = new HashMap<>(4);

  private Optional<Set<PortSpec.Named>> namedPorts = Optional.empty();

  /** How many sets and policies use it. */
  int users;

  /** A label of the namespace and one of the pod. Either may be the one that every thing has. */
  record Bucket(Label namespace, Label pod) {}

  PodGroup(PeerPods pods, long number, List<Bucket> buckets) {
    this.pods = pods;
    this.number = number;
    this.buckets = buckets;
  }

  /** Tests whether its pods are the subjects of any policy. */
  public boolean hasPolicies() {
    return !networkPolicies.isEmpty() || !tieredPolicies.isEmpty();
  }

  public Collection<NetworkPolicy> networkPolicies() {
    return networkPolicies.values();
  }

  public Collection<TieredPolicy> tieredPolicies() {
    return tieredPolicies.values();
  }

  @Override
  public int compareTo(PodGroup other) {
    return Long.compare(number, other.number);
  }

  /** Tests whether an ingress rule of one of its policies names this port (N9). */
  public boolean names(ContainerPort port) {
    if (namedPorts.isEmpty()) {
      namedPorts = Optional.of(findNamedPorts());
    }
    return namedPorts.get().contains(new PortSpec.Named(port.protocol(), port.name()));
  }

  private Set<PortSpec.Named> findNamedPorts() {
    var rules =
        Stream.concat(
            networkPolicies.values().stream().flatMap(policy -> policy.ingress().stream()),
            tieredPolicies.values().stream()
                .flatMap(policy -> policy.ingress().stream())
                .map(TieredRule::match));
    var found = new HashSet<PortSpec.Named>();
    rules
        .flatMap(rule -> rule.ports().orElse(List.of()).stream())
        .forEach(
            spec -> {
              switch (spec) {
                case PortSpec.Named named -> found.add(named);
                case PortSpec.Numbered _ -> {}
              }
            });
    return found;
  }

  public void put(NetworkPolicy policy) {
    networkPolicies.put(policy.key(), policy);
    namedPorts = Optional.empty();
  }

  public void put(TieredPolicy policy) {
    tieredPolicies.put(policy.key(), policy);
    namedPorts = Optional.empty();
  }

  public void remove(ObjectKey policy) {
    networkPolicies.remove(policy);
    tieredPolicies.remove(policy);
    namedPorts = Optional.empty();
  }
}
