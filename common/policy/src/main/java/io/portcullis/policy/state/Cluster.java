package io.portcullis.policy.state;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.Namespace;
import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.Node;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.Interner;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.net.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The state of the cluster, which does not depend on the order in which its objects came. Only one
 * thread may use it at a time, but for {@link #podKeys}.
 */
public final class Cluster {
  private final Map<String, Namespace> namespaces = new HashMap<>();
  private final SortedMap<String, Node> nodes = new TreeMap<>();
  private final Map<ObjectKey, Pod> pods = new ConcurrentHashMap<>();

  /** The NetworkPolicies by namespace. */
  private final Map<String, Map<ObjectKey, NetworkPolicy>> networkPolicies = new HashMap<>();

  private final Map<ObjectKey, TieredPolicy> tieredPolicies = new HashMap<>();
  private final Owners owners = new Owners();
  private final NodeAddresses nodeAddresses = new NodeAddresses();
  private final Interner interner = new Interner();
  private Optional<List<String>> nodeNames = Optional.empty();

  /** The owners of all addresses, as long as nothing has changed since somebody asked for them. */
  private Optional<SortedMap<IpAddress, Pod>> knownOwners = Optional.empty();

  /**
   * What has changed.
   *
   * @param addresses the addresses that belong to another pod or to another form of their pod
   * @param namespaces the names of the namespaces whose objects came, went or changed
   * @param nodes the names of the nodes whose objects came, went or changed
   * @param policies the keys of the policies that came, went or changed
   */
  public record Changed(
      Set<IpAddress> addresses,
      Set<String> namespaces,
      Set<String> nodes,
      Set<ObjectKey> policies) {}

  public Cluster(Collection<? extends ClusterObject> objects) {
    var present = new LinkedHashMap<ObjectKey, Optional<ClusterObject>>();
    objects.forEach(object -> present.put(object.key(), Optional.of(object)));
    apply(present);
  }

  /**
   * Takes in changes. Only the compiler of a cluster may change a cluster that has one.
   *
   * @param changes the present form of each changed object by key; empty: the object is gone
   */
  public Changed apply(Map<ObjectKey, Optional<ClusterObject>> changes) {
    var changed = new Changed(new HashSet<>(), new HashSet<>(), new HashSet<>(), new HashSet<>());
    changes.forEach(
        (key, object) ->
            object.ifPresentOrElse(form -> put(form, changed), () -> remove(key, changed)));
    return changed;
  }

  private void put(ClusterObject object, Changed changed) {
    var key = object.key();
    switch (object) {
      case Namespace namespace -> {
        namespaces.put(key.name(), namespace);
        changed.namespaces().add(key.name());
      }
      case Node node -> {
        nodeAddresses.change(Optional.ofNullable(nodes.put(key.name(), node)), Optional.of(node));
        changed.nodes().add(key.name());
        nodeNames = Optional.empty();
      }
      case NetworkPolicy policy -> {
        networkPolicies.computeIfAbsent(key.namespace(), _ -> new HashMap<>(4)).put(key, policy);
        changed.policies().add(key);
      }
      case TieredPolicy policy -> {
        tieredPolicies.put(key, policy);
        changed.policies().add(key);
      }
      case Pod pod -> {
        var shared = interner.shared(pod);
        own(Optional.ofNullable(pods.put(shared.key(), shared)), Optional.of(shared), changed);
      }
    }
  }

  private void remove(ObjectKey key, Changed changed) {
    if (key.equals(ObjectKey.namespace(key.name())) && namespaces.remove(key.name()) != null) {
      changed.namespaces().add(key.name());
    }
    var node =
        key.equals(ObjectKey.node(key.name()))
            ? Optional.ofNullable(nodes.remove(key.name()))
            : Optional.<Node>empty();
    if (node.isPresent()) {
      nodeAddresses.change(node, Optional.empty());
      changed.nodes().add(key.name());
      nodeNames = Optional.empty();
    }
    if (removeNetworkPolicy(key) || tieredPolicies.remove(key) != null) {
      changed.policies().add(key);
    }
    var pod = Optional.ofNullable(pods.remove(key));
    if (pod.isPresent()) {
      own(pod, Optional.empty(), changed);
    }
  }

  private boolean removeNetworkPolicy(ObjectKey key) {
    var ofNamespace = networkPolicies.getOrDefault(key.namespace(), Map.of());
    if (!ofNamespace.containsKey(key)) {
      return false;
    }
    ofNamespace.remove(key);
    if (ofNamespace.isEmpty()) {
      networkPolicies.remove(key.namespace());
    }
    return true;
  }

  private void own(Optional<Pod> before, Optional<Pod> after, Changed changed) {
    knownOwners = Optional.empty();
    if (owners.change(before, after, changed.addresses())) {
      nodeNames = Optional.empty();
    }
  }

  /** Returns the whole state as a change of an empty cluster. */
  public Changed all() {
    var policies = new HashSet<>(tieredPolicies.keySet());
    networkPolicies.values().forEach(ofNamespace -> policies.addAll(ofNamespace.keySet()));
    return new Changed(
        owners.addresses(), Set.copyOf(namespaces.keySet()), Set.copyOf(nodes.keySet()), policies);
  }

  /** Returns the namespace, or a stand-in until its object comes (T12). */
  public Namespace namespace(String name) {
    var namespace = namespaces.get(name);
    return namespace == null ? Namespace.unseen(name) : namespace;
  }

  public Optional<NetworkPolicy> networkPolicy(ObjectKey key) {
    return Optional.ofNullable(networkPolicies.getOrDefault(key.namespace(), Map.of()).get(key));
  }

  public Optional<TieredPolicy> tieredPolicy(ObjectKey key) {
    return Optional.ofNullable(tieredPolicies.get(key));
  }

  /**
   * Returns each address that counts with the pod that has it (T7, T8, T11). The map never changes;
   * it is the same one until a pod changes.
   */
  public SortedMap<IpAddress, Pod> owners() {
    if (knownOwners.isEmpty()) {
      var all = new TreeMap<IpAddress, Pod>();
      owners.addresses().forEach(address -> owner(address).ifPresent(pod -> all.put(address, pod)));
      knownOwners = Optional.of(Collections.unmodifiableSortedMap(all));
    }
    return knownOwners.get();
  }

  public Optional<Pod> owner(IpAddress address) {
    return owners.of(address);
  }

  /** Returns the pod of that name, even if it does not count. */
  public Optional<Pod> pod(ObjectKey key) {
    return Optional.ofNullable(pods.get(key));
  }

  /** Returns a new map of all pods by key, including those that do not count. */
  public SortedMap<ObjectKey, Pod> pods() {
    return new TreeMap<>(pods);
  }

  /**
   * Returns the keys of all pods. Any thread may read them at any time; what changes meanwhile may
   * be among them or not.
   */
  public Collection<ObjectKey> podKeys() {
    return Collections.unmodifiableCollection(pods.keySet());
  }

  /**
   * Returns the objects that decide about flows between pods and addresses. What they decide
   * together is what the whole cluster decides.
   *
   * @param keys of the pods, where they exist
   */
  public List<ClusterObject> deciding(Collection<ObjectKey> keys, Collection<IpAddress> addresses) {
    var ends = new HashSet<Pod>();
    keys.forEach(key -> pod(key).ifPresent(ends::add));
    var asked = new HashSet<>(addresses);
    ends.forEach(pod -> asked.addAll(pod.addresses()));
    asked.forEach(address -> ends.addAll(owners.all(address)));
    var objects = new ArrayList<ClusterObject>(ends);
    ends.stream()
        .map(pod -> pod.key().namespace())
        .distinct()
        .forEach(
            name -> {
              Optional.ofNullable(namespaces.get(name)).ifPresent(objects::add);
              objects.addAll(networkPolicies.getOrDefault(name, Map.of()).values());
            });
    var around = new HashSet<Node>();
    ends.forEach(pod -> node(pod.node()).ifPresent(around::add));
    asked.forEach(address -> around.addAll(nodeAddresses.of(address)));
    objects.addAll(around);
    objects.addAll(tieredPolicies.values());
    return objects;
  }

  /** Returns the addresses that belong to a pod, without those of a newer pod (T7, T8, T11). */
  public List<IpAddress> addresses(Pod pod) {
    return pod.addresses().stream()
        .filter(ip -> owner(ip).filter(pod::equals).isPresent())
        .sorted()
        .toList();
  }

  /** Returns the node's object, if it has come. */
  public Optional<Node> node(String name) {
    return Optional.ofNullable(nodes.get(name));
  }

  /** Returns the nodes whose objects have come, in the order of their names. */
  public Collection<Node> nodeObjects() {
    return Collections.unmodifiableCollection(nodes.values());
  }

  /** Returns the node that the pod runs on if the address is one of the node's addresses (T5). */
  public Optional<Node> ownNode(Pod pod, IpAddress address) {
    return node(pod.node())
        .filter(node -> node.addresses().contains(address) && owner(address).isEmpty());
  }

  /**
   * Returns the names of the nodes that get a rule set: those with an object or with a pod that
   * counts. The list is the same object until a node comes or goes.
   */
  public List<String> nodes() {
    if (nodeNames.isEmpty()) {
      var names = new TreeSet<>(nodes.keySet());
      names.addAll(owners.nodes());
      nodeNames = Optional.of(List.copyOf(names));
    }
    return nodeNames.get();
  }

  /** Returns the addresses that several pods have, in order (T11). */
  public List<Conflict> conflicts() {
    return owners.conflicts();
  }
}
