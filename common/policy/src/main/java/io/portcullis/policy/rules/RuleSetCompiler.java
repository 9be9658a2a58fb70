package io.portcullis.policy.rules;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.ContainerPort;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.net.Cidr;
import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.net.IpRange;
import io.portcullis.policy.grouping.GroupIndex;
import io.portcullis.policy.grouping.NodeGroups;
import io.portcullis.policy.grouping.PodAddress;
import io.portcullis.policy.state.Cluster;
import io.portcullis.ruleset.Element;
import io.portcullis.ruleset.Evaluator;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.NodeRecord.PodCidr;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.SetContent;
import io.portcullis.ruleset.SetId;
import io.portcullis.ruleset.TrafficPath;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Compiles the cluster to the rule sets of nodes, change by change. A change costs what it touches,
 * and the result is the same as if the whole cluster had been compiled again.
 *
 * <pre>
 *   pod ──▶ class ──▶ groups (pairs of selectors that it matches)
 *    │        │          ├──▶ members of sets ─────────────────────┐
 *    │        └ profile ◀┘ those with policies                     ▼
 *    │             └──▶ chains, tier by tier ──▶ sets ──▶ content, shared by all nodes
 *    ▼                    │                                        │
 *   node ◀── endpoints ◀──┘    the rule set of a node: endpoints, their chains, the chains' sets
 * </pre>
 *
 * <p>Only one thread may use it at a time. Threads that share it must share a lock.
 */
public final class RuleSetCompiler {
  private final Cluster cluster;
  private final GroupIndex groups;
  private final NodeGroups nodeGroups;
  private final Subjects subjects;
  private final LiveSets sets;
  private final LiveChains chains;
  private final PolicyProfiles profiles;
  private final Nodes nodes = new Nodes();
  private final Map<IpAddress, PodAddress> pods = new HashMap<>();

  /**
   * Makes a compiler without wide sets.
   *
   * @param cluster the cluster, which only {@link #apply} may change from now on
   * @param exemptNamespaces the namespaces whose pods are subjects of no policy (T13)
   */
  public RuleSetCompiler(Cluster cluster, Set<String> exemptNamespaces) {
    this(cluster, exemptNamespaces, WideSetPolicy.NEVER);
  }

  /**
   * Makes a compiler with wide sets.
   *
   * @param cluster the cluster, which only {@link #apply} may change from now on
   * @param exemptNamespaces the namespaces whose pods are subjects of no policy (T13)
   * @param widePolicy decides which sets are wide
   */
  public RuleSetCompiler(Cluster cluster, Set<String> exemptNamespaces, WideSetPolicy widePolicy) {
    this.cluster = cluster;
    this.groups = new GroupIndex(cluster::namespace, Set.copyOf(exemptNamespaces));
    this.nodeGroups = new NodeGroups(cluster);
    this.subjects = new Subjects(cluster, groups);
    this.sets = new LiveSets(groups, nodeGroups, widePolicy);
    this.chains = new LiveChains(sets);
    this.profiles = new PolicyProfiles(groups, chains);
    follow(cluster.all());
  }

  /**
   * What a change may have made different.
   *
   * @param nodes the names of the nodes whose rule sets may differ in more than wide sets
   * @param wide the wide sets that changed, and the sets that have become wide or narrow
   */
  public record Touched(List<String> nodes, Set<SetId> wide) {}

  /**
   * Takes in a change of the cluster.
   *
   * @param changes the present form of each changed object by key; empty: the object is gone
   */
  public Touched apply(Map<ObjectKey, Optional<ClusterObject>> changes) {
    return follow(cluster.apply(changes));
  }

  private Touched follow(Cluster.Changed changed) {
    var dirty = new DirtySet(sets.byPeer());
    changed.namespaces().forEach(name -> groups.namespaceChanged(name, dirty));
    changed.nodes().forEach(name -> nodeGroups.nodeChanged(name, dirty));
    var withOtherCidrs = takePodCidrs(changed.nodes());
    changed.addresses().forEach(address -> move(address, dirty));
    changed.policies().forEach(key -> subjects.policyChanged(key, dirty));
    profiles.settle(dirty);
    var touched = settleEndpoints(dirty);
    touched.or(withOtherCidrs);
    touched.or(sets.settle(dirty, pods, cluster.nodes().size()));
    var names = nodes.names(touched);
    forget(dirty, changed.nodes());
    return new Touched(names, dirty.wide);
  }

  /** Takes in that an address belongs to another pod, to another form of its pod, or to no pod. */
  private void move(IpAddress address, DirtySet dirty) {
    var before = Optional.ofNullable(pods.get(address));
    var now = cluster.owner(address).map(pod -> podAddress(address, pod, dirty));
    if (!before.map(PodAddress::pods).equals(now.map(PodAddress::pods))) {
      before.ifPresent(pod -> leave(pod, dirty));
      now.ifPresent(pod -> join(pod, dirty));
    }
    before.ifPresent(dirty::endpoint);
    now.ifPresent(dirty::endpoint);
    now.ifPresentOrElse(pod -> pods.put(address, pod), () -> pods.remove(address));
  }

  private PodAddress podAddress(IpAddress address, Pod pod, DirtySet dirty) {
    return new PodAddress(new Element.Host(address), pod, groups.classOf(pod, dirty));
  }

  private static void leave(PodAddress address, DirtySet dirty) {
    var pods = address.pods();
    pods.hosts.remove(address.host());
    dirty.moved(address.ip(), pods);
    if (pods.hosts.isEmpty()) {
      dirty.emptied.add(pods);
    }
  }

  private static void join(PodAddress address, DirtySet dirty) {
    address.pods().hosts.add(address.host());
    dirty.moved(address.ip(), address.pods());
  }

  /** Returns the numbers of those of these nodes whose pods now have other networks (C1). */
  private BitSet takePodCidrs(Collection<String> names) {
    var touched = new BitSet();
    for (var name : names) {
      var ranges = cluster.node(name).stream().flatMap(n -> n.podCidrs().stream()).map(Cidr::range);
      var cidrs = IpRange.merge(ranges.toList()).stream().map(PodCidr::new).toList();
      var node = cidrs.isEmpty() ? nodes.known(name) : Optional.of(nodes.of(name));
      node.filter(rules -> rules.take(cidrs)).ifPresent(rules -> touched.set(rules.number));
    }
    return touched;
  }

  /** Brings the endpoints of nodes up to date, and returns the numbers of the changed nodes. */
  private BitSet settleEndpoints(DirtySet dirty) {
    for (var changed : dirty.rechained) {
      changed.hosts.forEach(host -> dirty.endpoint(pods.get(host.address())));
    }
    var touched = new BitSet();
    dirty.endpoints.forEach(
        (name, addresses) -> {
          var node = nodes.of(name);
          for (var address : addresses) {
            if (settleEndpoint(node, address)) {
              touched.set(node.number);
            }
          }
        });
    return touched;
  }

  private boolean settleEndpoint(NodeRules node, IpAddress address) {
    var pod = Optional.ofNullable(pods.get(address)).filter(p -> p.pod().node().equals(node.name));
    var before = node.local(address);
    if (pod.isEmpty()) {
      node.remove(address);
      return before.isPresent();
    }
    var local = local(pod.get());
    if (before.equals(Optional.of(local))) {
      return false;
    }
    node.put(address, local);
    return true;
  }

  private NodeRules.Local local(PodAddress address) {
    var paths = profiles.paths(address.pods(), address.ip().family());
    var key = address.pod().key();
    return new NodeRules.Local(
        new Endpoint(
            address.ip(),
            key.namespace() + "/" + key.name(),
            paths.ingress(),
            paths.egress(),
            paths.toOwnNode()),
        paths);
  }

  private void forget(DirtySet dirty, Collection<String> changedNodes) {
    for (var emptied : dirty.emptied) {
      if (emptied.hosts.isEmpty()) {
        profiles.leave(emptied);
        groups.remove(emptied);
      }
    }
    profiles.forgetIdle();
    chains.forgetUnused();
    sets.forgetUnused();
    groups.forgetUnused();
    dirty.endpoints.keySet().forEach(nodes::forgetIfEmpty);
    changedNodes.forEach(nodes::forgetIfEmpty);
  }

  /** Returns the cluster that is compiled. Only this compiler may change it. */
  public Cluster cluster() {
    return cluster;
  }

  /** Returns the rule set of every node, by the node's name. */
  public Map<String, RuleSet> compileAll() {
    var all = new LinkedHashMap<String, RuleSet>();
    cluster.nodes().forEach(node -> all.put(node, compile(node)));
    return all;
  }

  /** Returns the rule set of one node. */
  public RuleSet compile(String node) {
    var wide = wide(node);
    return wide.isEmpty() ? narrow(node) : narrow(node).with(wide);
  }

  /** Returns the rule set of one node without its wide sets. */
  public RuleSet narrow(String node) {
    return nodes.known(node).map(NodeRules::rules).orElse(RuleSet.EMPTY);
  }

  /** Returns the wide sets that belong to the rule set of one node, in the order of their ids. */
  public List<SetContent> wide(String node) {
    return nodes.known(node).map(NodeRules::wide).orElse(List.of());
  }

  /** Returns the content of a set, if the set is wide. */
  public Optional<SetContent> wide(SetId set) {
    return sets.wide(set);
  }

  /** Returns all wide sets, in no order. */
  public List<SetId> wide() {
    return sets.wide();
  }

  /**
   * Returns the chains of every address that a node enforces policies for. Addresses for which the
   * same chains follow from the same policies have the same object.
   */
  public Map<IpAddress, PodChains> podChains() {
    var known = new IdentityHashMap<PolicyProfile.Paths, PodChains>();
    var all = new HashMap<IpAddress, PodChains>();
    for (var pod : pods.values()) {
      nodes
          .known(pod.pod().node())
          .flatMap(node -> node.local(pod.ip()))
          .ifPresent(
              local -> all.put(pod.ip(), known.computeIfAbsent(local.paths(), PodChains::of)));
    }
    return all;
  }

  /**
   * Returns the content of a set that one of these chains uses.
   *
   * @throws NullPointerException when no chain uses it
   */
  public SetContent set(SetId set) {
    return sets.content(set);
  }

  /** Returns the policies that apply to the pod of an address, as if no namespace were exempt. */
  public Selection selection(IpAddress address, Direction direction) {
    return Optional.ofNullable(pods.get(address))
        .map(pod -> PolicyProfiles.keyIfNotExempt(pod.pods()).selection(direction))
        .orElseThrow(() -> new IllegalArgumentException("no pod has the address " + address));
  }

  /**
   * Tells whether this rule of the policy, taken alone, matches a flow of the pod. The answer is
   * that of the kernel of the pod's node.
   */
  public boolean matches(
      ObjectKey policy, PolicyRule rule, Pod pod, Direction direction, Flow flow) {
    var ip = direction.subject(flow);
    var ports = switch (direction) { // N9: a name means a port of the destination
          case INGRESS -> pod.ports();
          case EGRESS -> List.<ContainerPort>of();
        };
    var built = new ChainBuilder(direction, ip.family(), ports, List.of()).alone(policy, rule);
    var chain = Optional.of(built.chain().id());
    var records = new ArrayList<NodeRecord>();
    records.add(built.chain());
    records.add(
        switch (direction) {
          case INGRESS -> new Endpoint(ip, "", chain, Optional.empty(), Optional.empty());
          case EGRESS -> new Endpoint(ip, "", Optional.empty(), chain, Optional.empty());
        });
    var parts = built.sets().stream().distinct().map(set -> at(set, direction.peer(flow))).toList();
    return Evaluator.decide(RuleSet.of(records, parts), TrafficPath.of(direction), flow)
        instanceof Evaluator.Verdict.ByRule;
  }

  /** Returns the set with no other member than this address, because only this one is asked for. */
  private SetContent at(SetDefinition definition, IpAddress address) {
    var set = sets.acquire(definition);
    try {
      return set.at(address, Optional.ofNullable(pods.get(address)));
    } finally {
      sets.release(set);
      sets.forgetUnused();
      groups.forgetUnused();
    }
  }
}
