package io.portcullis.compiler.state;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.Namespace;
import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.Node;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Tier;
import io.portcullis.net.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** One state of the cluster, the same whatever the order in which its objects came. */
public final class Cluster {
  /** T11: the newer creation wins, then the greater UID; the key only makes it total. */
  private static final Comparator<Pod> NEWER =
      Comparator.comparing(Pod::createdMicros)
          .thenComparing(pod -> pod.origin().uid())
          .thenComparing(Pod::key);

  /** A2, A4: one without a priority has the last. */
  private static final Comparator<TieredPolicy> DECIDES_FIRST =
      Comparator.comparingInt(TieredPolicy::priority)
          .thenComparing(policy -> policy.key().name())
          .thenComparing(policy -> policy.key().kind())
          .thenComparing(TieredPolicy::key);

  private final SortedMap<String, Namespace> namespaces = new TreeMap<>();
  private final SortedMap<String, Node> nodes = new TreeMap<>();
  private final SortedMap<ObjectKey, Pod> pods = new TreeMap<>();
  private final SortedMap<String, List<NetworkPolicy>> policies = new TreeMap<>();
  private final Map<Tier, List<TieredPolicy>> tiered = new EnumMap<>(Tier.class);
  private final SortedMap<IpAddress, Pod> owners = new TreeMap<>();
  private final List<Conflict> conflicts = new ArrayList<>();

  /** Two counted pods with one address (T11). */
  public record Conflict(IpAddress address, Pod winner, Pod loser) {}

  public Cluster(Collection<? extends ClusterObject> objects) {
    for (var object : objects.stream().sorted(Comparator.comparing(ClusterObject::key)).toList()) {
      switch (object) {
        case Namespace namespace -> namespaces.put(namespace.key().name(), namespace);
        case Node node -> nodes.put(node.key().name(), node);
        case NetworkPolicy policy ->
            policies.computeIfAbsent(policy.key().namespace(), _ -> new ArrayList<>()).add(policy);
        case TieredPolicy policy ->
            tiered.computeIfAbsent(policy.tier(), _ -> new ArrayList<>()).add(policy);
        case Pod pod -> {
          pods.put(pod.key(), pod);
          count(pod);
        }
      }
    }
    tiered.values().forEach(policies -> policies.sort(DECIDES_FIRST));
  }

  private void count(Pod pod) {
    if (pod.finished() || pod.hostNetwork()) { // T7, T6
      return;
    }
    for (var address : pod.addresses()) { // T8
      var other = owners.get(address);
      if (other == null) {
        owners.put(address, pod);
        continue;
      }
      var wins = NEWER.compare(pod, other) > 0; // T11
      conflicts.add(new Conflict(address, wins ? pod : other, wins ? other : pod));
      if (wins) {
        owners.put(address, pod);
      }
    }
  }

  /** The namespace, or what stands for it until its object comes (T12). */
  public Namespace namespace(String name) {
    var namespace = namespaces.get(name);
    return namespace == null ? Namespace.unseen(name) : namespace;
  }

  /** Policies of one namespace, by key. */
  public List<NetworkPolicy> policies(String namespace) {
    return policies.getOrDefault(namespace, List.of());
  }

  /** Policies of one tier in the order in which they decide (A2). */
  public List<TieredPolicy> policies(Tier tier) {
    return Collections.unmodifiableList(tiered.getOrDefault(tier, List.of()));
  }

  /** Each address that counts, with the pod that it belongs to (T7, T8, T11). */
  public Map<IpAddress, Pod> owners() {
    return Collections.unmodifiableSortedMap(owners);
  }

  public Optional<Pod> owner(IpAddress address) {
    return Optional.ofNullable(owners.get(address));
  }

  /** All pods by key, those that do not count too. */
  public Map<ObjectKey, Pod> pods() {
    return Collections.unmodifiableSortedMap(pods);
  }

  /** The addresses of a pod that are its own: not those that a newer pod has (T7, T8, T11). */
  public List<IpAddress> addresses(Pod pod) {
    return pod.addresses().stream().filter(ip -> pod.equals(owners.get(ip))).sorted().toList();
  }

  /** The node's object, if it has come. */
  public Optional<Node> node(String name) {
    return Optional.ofNullable(nodes.get(name));
  }

  /** The nodes whose objects have come, by name. */
  public Collection<Node> nodeObjects() {
    return Collections.unmodifiableCollection(nodes.values());
  }

  /**
   * The node that this address means to the pod: the one that it runs on, as that node's object
   * tells its addresses (T5).
   */
  public Optional<Node> ownNode(Pod pod, IpAddress address) {
    return node(pod.node())
        .filter(node -> node.addresses().contains(address) && !owners.containsKey(address));
  }

  /** Names of the nodes that get a rule set: those that have an object or a pod that counts. */
  public List<String> nodes() {
    var names = new java.util.TreeSet<>(nodes.keySet());
    owners.values().stream().map(Pod::node).filter(name -> !name.isEmpty()).forEach(names::add);
    return List.copyOf(names);
  }

  public List<Conflict> conflicts() {
    return List.copyOf(conflicts);
  }
}
