package io.portcullis.policy.grouping;

import io.portcullis.cluster.ClusterObject.ContainerPort;
import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.PortSpec;
import io.portcullis.cluster.TieredRule;
import io.portcullis.policy.rules.LiveSet;
import io.portcullis.policy.rules.PolicyProfile;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The pods that one pair of selectors means, as subjects, as peers or as both. */
public final class PodGroup implements Comparable<PodGroup> {
  public final PeerPods pods;

  /** Only tells groups apart. */
  public final long number;

  /** Where it is found by the labels of a pod that it may match. */
  public final List<Bucket> buckets;

  public final Set<PodClass> classes = new HashSet<>();

  /** Sets whose members its pods are. */
  public final Set<LiveSet> sets = new HashSet<>(4);

  /** Policies whose subjects its pods are. */
  public final Map<ObjectKey, NetworkPolicy> networkPolicies = new HashMap<>(4);

  public final Map<ObjectKey, TieredPolicy> tieredPolicies = new HashMap<>(4);

  /** Those that follow from its policies. */
  public final Set<PolicyProfile> stances = new HashSet<>(4);

  private Optional<Set<PortSpec.Named>> namedPorts = Optional.empty();

  /** Sets and policies that need it. */
  public int users;

  /** One label of the namespace, and one of the pod; either may be {@link PodGroups#NONE}. */
  public record Bucket(Label namespace, Label pod) {}

  public PodGroup(PeerPods pods, long number, List<Bucket> buckets) {
    this.pods = pods;
    this.number = number;
    this.buckets = buckets;
  }

  public boolean matches(PodClass pods) {
    return this.pods.matches(pods.namespace.labels, pods.labels);
  }

  /** Whether any policy is for its pods. */
  public boolean hasPolicies() {
    return !networkPolicies.isEmpty() || !tieredPolicies.isEmpty();
  }

  @Override
  public int compareTo(PodGroup other) {
    return Long.compare(number, other.number);
  }

  /** Whether an ingress rule of its policies names this port (N9). */
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
