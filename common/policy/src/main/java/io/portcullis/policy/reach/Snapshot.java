package io.portcullis.policy.reach;

import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.policy.rules.PodChains;
import io.portcullis.policy.rules.RuleSetCompiler;
import io.portcullis.policy.state.Cluster;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.SetContent;
import io.portcullis.ruleset.SetId;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** What all nodes hold in one state of a cluster. It never changes. */
public final class Snapshot {
  /** The name of no node: what has addresses that rule sets name, of whoever that is. */
  private static final String NO_NODE = "";

  private final SortedMap<IpAddress, Pod> pods;
  private final Map<IpAddress, PodChains> chains;
  private final Map<SetId, SetContent> sets;
  private final SortedMap<IpAddress, Set<String>> nodes;
  private final Map<String, List<IpAddress>> nodeAddresses;

  /** The known addresses by family, from when somebody has asked for them. */
  private final Map<Family, KnownAddresses> addresses = new ConcurrentHashMap<>();

  private Snapshot(
      SortedMap<IpAddress, Pod> pods,
      Map<IpAddress, PodChains> chains,
      Map<SetId, SetContent> sets,
      Map<String, List<IpAddress>> nodeAddresses) {
    this.pods = pods;
    this.chains = chains;
    this.sets = sets;
    this.nodeAddresses = nodeAddresses;
    this.nodes = new TreeMap<>();
    nodeAddresses.forEach(
        (node, addresses) ->
            addresses.forEach(ip -> nodes.computeIfAbsent(ip, _ -> new TreeSet<>()).add(node)));
  }

  /** Returns what nodes hold at this moment. */
  public static Snapshot of(RuleSetCompiler compiler) {
    var chains = compiler.podChains();
    var sets = new HashMap<SetId, SetContent>();
    var seen = Collections.<PodChains>newSetFromMap(new IdentityHashMap<>());
    for (var ofPod : chains.values()) {
      if (seen.add(ofPod)) {
        ofPod.sets().forEach(set -> sets.computeIfAbsent(set, compiler::set));
      }
    }
    var cluster = compiler.cluster();
    return new Snapshot(cluster.owners(), chains, sets, nodeAddresses(cluster));
  }

  /** Returns what nodes hold for a cluster. */
  public static Snapshot of(Cluster cluster, Set<String> exemptNamespaces) {
    return of(new RuleSetCompiler(cluster, exemptNamespaces));
  }

  /**
   * Returns what nodes hold by their rule sets.
   *
   * @param nodes the rule set of each node
   * @param addresses the addresses of each node; what pods and their own nodes send each other is
   *     decided where these are known (T5)
   * @throws IllegalArgumentException when the rule sets cannot be of one state of a cluster
   */
  public static Snapshot of(
      Map<String, RuleSet> nodes, Map<String, ? extends Collection<IpAddress>> addresses) {
    var all = new NodeRuleSets(nodes);
    var ofNodes = new TreeMap<String, List<IpAddress>>();
    addresses.forEach(
        (node, some) ->
            ofNodes.put(
                node,
                some.stream()
                    .filter(ip -> !all.pods.containsKey(ip))
                    .distinct()
                    .sorted()
                    .toList()));
    var others = all.others();
    ofNodes.values().forEach(others::removeAll);
    if (!others.isEmpty()) {
      ofNodes.put(NO_NODE, List.copyOf(others));
    }
    return new Snapshot(Collections.unmodifiableSortedMap(all.pods), all.chains, all.sets, ofNodes);
  }

  /** Returns the addresses of each node that belong to no pod (T5). */
  private static Map<String, List<IpAddress>> nodeAddresses(Cluster cluster) {
    var all = new TreeMap<String, List<IpAddress>>();
    for (var node : cluster.nodeObjects()) {
      all.put(
          node.key().name(),
          node.addresses().stream()
              .filter(ip -> cluster.owner(ip).isEmpty())
              .distinct()
              .sorted()
              .toList());
    }
    return all;
  }

  /** Returns the addresses that count, each with its pod. */
  public SortedMap<IpAddress, Pod> pods() {
    return pods;
  }

  Optional<Pod> pod(IpAddress address) {
    return Optional.ofNullable(pods.get(address));
  }

  /** Returns the chains of a pod's address; absent where no node enforces policies for it. */
  Optional<PodChains> chains(IpAddress address) {
    return Optional.ofNullable(chains.get(address));
  }

  Set<SetId> sets() {
    return sets.keySet();
  }

  SetContent set(SetId id) {
    return sets.get(id);
  }

  /** Returns all addresses of pods and nodes of a family in some snapshots. */
  static KnownAddresses addresses(Family family, List<Snapshot> snapshots) {
    var first = snapshots.getFirst();
    return snapshots.stream().allMatch(first::hasAddressesOf)
        ? first.addresses.computeIfAbsent(
            family, _ -> new KnownAddresses(known(family, List.of(first))))
        : new KnownAddresses(known(family, snapshots));
  }

  private static SortedSet<IpAddress> known(Family family, List<Snapshot> snapshots) {
    var known = new TreeSet<IpAddress>();
    for (var snapshot : snapshots) {
      for (var all : List.of(snapshot.pods.keySet(), snapshot.nodes.keySet())) {
        all.stream().filter(ip -> ip.family() == family).forEach(known::add);
      }
    }
    return known;
  }

  /** Tells whether both snapshots are known to have the same pods. */
  boolean hasPodsOf(Snapshot other) {
    return pods == other.pods;
  }

  /** Tells whether both snapshots are known to have the same pods and nodes at all addresses. */
  boolean hasAddressesOf(Snapshot other) {
    return hasPodsOf(other) && nodes.equals(other.nodes);
  }

  /** Returns the addresses that belong to nodes and to no pod, with the names of the nodes. */
  public SortedMap<IpAddress, Set<String>> nodes() {
    return Collections.unmodifiableSortedMap(nodes);
  }

  /** Returns the addresses of the node that the pod runs on (T5). */
  List<IpAddress> ownNode(Pod pod) {
    return nodeAddresses.getOrDefault(pod.node(), List.of());
  }

  /**
   * Tells whether the address is one of the node that the pod of the other address runs on (T5).
   */
  boolean isOwnNode(IpAddress pod, IpAddress node) {
    return pod(pod).filter(p -> ownNode(p).contains(node)).isPresent();
  }
}
