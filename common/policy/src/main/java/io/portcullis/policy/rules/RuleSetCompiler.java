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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Compiles the cluster to the rule sets of nodes, and goes on from change to change. What a change
 * costs is what it touches; what comes out is the same as if all had been compiled anew.
 *
 * <pre>
 *   pod ──▶ class ──▶ groups (pairs of selectors that it matches)
 *    │        │          ├──▶ members of sets ─────────────────────┐
 *    │        └─ stance ◀┘ those with policies                     ▼
 *    │             └──▶ chains, tier by tier ──▶ sets ──▶ content, shared by all nodes
 *    ▼                    │                                        │
 *   node ◀── endpoints ◀──┘    the rule set of a node: endpoints, their chains, the chains' sets
 * </pre>
 *
 * <p>One thread at a time uses it; the cluster's lock is what several of them share.
 */
public final class RuleSetCompiler {
  private final Cluster cluster;
  private final GroupIndex matching;
  private final NodeGroups nodeGroups;
  private final Subjects subjects;
  private final LiveSets sets;
  private final LiveChains chains;
  private final PolicyProfiles stances;
  private final Nodes nodes = new Nodes();
  private final Map<IpAddress, PodAddress> places = new HashMap<>();

  /**
   * @param cluster that is changed through {@link #apply} only, from now on
   * @param exemptNamespaces whose pods are subjects of no policy (T13)
   */
  public RuleSetCompiler(Cluster cluster, Set<String> exemptNamespaces) {
    this(cluster, exemptNamespaces, WideSetPolicy.NEVER);
  }

  /**
   * The same with wide sets.
   *
   * @param width which ones are
   */
  public RuleSetCompiler(Cluster cluster, Set<String> exemptNamespaces, WideSetPolicy width) {
    this.cluster = cluster;
    this.matching = new GroupIndex(cluster::namespace, Set.copyOf(exemptNamespaces));
    this.nodeGroups = new NodeGroups(cluster);
    this.subjects = new Subjects(cluster, matching);
    this.sets = new LiveSets(matching, nodeGroups, width);
    this.chains = new LiveChains(sets);
    this.stances = new PolicyProfiles(chains);
    follow(cluster.all());
  }

  /**
   * What may be another now.
   *
   * @param nodes names of those whose rule sets may differ, wide sets left aside
   * @param wide sets that changed, have become wide or are so no longer
   */
  public record Touched(List<String> nodes, Set<SetId> wide) {}

  /**
   * Takes in what changed.
   *
   * @param changes the present form of objects, by key; empty: there is none any more
   */
  public Touched apply(Map<ObjectKey, Optional<ClusterObject>> changes) {
    return follow(cluster.apply(changes));
  }

  private Touched follow(Cluster.Changed changed) {
    var turn = new DirtySet();
    changed.namespaces().forEach(name -> matching.namespaceChanged(name, turn));
    changed.nodes().forEach(name -> nodeGroups.nodeChanged(name, turn));
    var guarded = podCidrs(changed.nodes());
    changed.addresses().forEach(address -> move(address, turn));
    changed.policies().forEach(key -> subjects.policyChanged(key, turn));
    stances.settle(turn);
    var touched = endpoints(turn);
    touched.or(guarded);
    touched.or(sets.settle(turn, places, cluster.nodes().size()));
    var names = nodes.names(touched);
    forget(turn, changed.nodes());
    return new Touched(names, turn.wide);
  }

  /** An address belongs to another pod, to another form of it, or to none. */
  private void move(IpAddress address, DirtySet turn) {
    var before = Optional.ofNullable(places.get(address));
    var now = cluster.owner(address).map(pod -> place(address, pod, turn));
    if (before.map(PodAddress::pods).equals(now.map(PodAddress::pods))) {
      before.ifPresent(place -> place.pods().places.remove(place));
      now.ifPresent(place -> place.pods().places.add(place));
    } else {
      before.ifPresent(place -> leave(place, turn));
      now.ifPresent(place -> join(place, turn));
    }
    before.ifPresent(turn::endpoint);
    now.ifPresent(turn::endpoint);
    now.ifPresentOrElse(place -> places.put(address, place), () -> places.remove(address));
  }

  private PodAddress place(IpAddress address, Pod pod, DirtySet turn) {
    return new PodAddress(
        new Element.Host(address), pod, matching.classOf(pod, turn), nodes.of(pod.node()));
  }

  private static void leave(PodAddress place, DirtySet turn) {
    place.pods().places.remove(place);
    turn.member(place.pods(), place.ip());
    if (place.pods().places.isEmpty()) {
      turn.emptied.add(place.pods());
    }
  }

  private static void join(PodAddress place, DirtySet turn) {
    place.pods().places.add(place);
    turn.member(place.pods(), place.ip());
  }

  private BitSet endpoints(DirtySet turn) {
    var touched = new BitSet();
    turn.endpoints.forEach(
        (node, addresses) -> {
          for (var address : addresses) {
            if (endpoint(node, address)) {
              touched.set(node.number);
            }
          }
        });
    return touched;
  }

  /** The numbers of those of these nodes whose pods have other networks now (C1). */
  private BitSet podCidrs(Collection<String> names) {
    var touched = new BitSet();
    for (var name : names) {
      var ranges = cluster.node(name).stream().flatMap(n -> n.podCidrs().stream()).map(Cidr::range);
      var cidrs = IpRange.merge(ranges.toList()).stream().map(PodCidr::new).toList();
      var node = cidrs.isEmpty() ? nodes.known(name) : nodes.of(name);
      node.filter(rules -> rules.take(cidrs)).ifPresent(rules -> touched.set(rules.number));
    }
    return touched;
  }

  /** Makes an endpoint of a node what it must be; tells whether it was anything else. */
  private boolean endpoint(NodeRules node, IpAddress address) {
    var place =
        Optional.ofNullable(places.get(address)).filter(p -> p.node().equals(Optional.of(node)));
    var before = node.local(address);
    if (place.isEmpty()) {
      node.remove(address);
      return before.isPresent();
    }
    var local = local(place.get());
    if (before.equals(Optional.of(local))) {
      return false;
    }
    node.put(address, local);
    return true;
  }

  private NodeRules.Local local(PodAddress place) {
    var paths = stances.paths(place.pods().stance.orElseThrow(), place.ip().family());
    var key = place.pod().key();
    return new NodeRules.Local(
        new Endpoint(
            place.ip(),
            key.namespace() + "/" + key.name(),
            paths.ingress(),
            paths.egress(),
            paths.toOwnNode()),
        paths);
  }

  private void forget(DirtySet turn, Collection<String> changedNodes) {
    for (var pods : turn.emptied) {
      if (pods.places.isEmpty()) {
        stances.leave(pods);
        matching.remove(pods);
      }
    }
    stances.forgetIdle();
    chains.forgetUnused();
    sets.forgetUnused();
    matching.forgetUnused();
    turn.endpoints.keySet().forEach(nodes::forgetIfEmpty);
    changedNodes.forEach(name -> nodes.known(name).ifPresent(nodes::forgetIfEmpty));
  }

  /** What is compiled; it is changed by this compiler only. */
  public Cluster cluster() {
    return cluster;
  }

  /** The rule set of every node. */
  public Map<String, RuleSet> compileAll() {
    var all = new LinkedHashMap<String, RuleSet>();
    cluster.nodes().forEach(node -> all.put(node, compile(node)));
    return all;
  }

  /** The rule set of one node. */
  public RuleSet compile(String node) {
    var wide = wide(node);
    return wide.isEmpty() ? narrow(node) : narrow(node).with(wide);
  }

  /** The same without wide sets. */
  public RuleSet narrow(String node) {
    return nodes.known(node).map(NodeRules::rules).orElse(RuleSet.EMPTY);
  }

  /** The wide sets that belong to the rule set of one node, by id. */
  public List<SetContent> wide(String node) {
    return nodes.known(node).map(NodeRules::wide).orElse(List.of());
  }

  /** A wide set, if it is one. */
  public Optional<SetContent> wide(SetId set) {
    return sets.wide(set);
  }

  /** All wide sets, in no order. */
  public List<SetId> wide() {
    return sets.wide();
  }

  /** Which policies speak for the pod of an address in a direction, whoever is exempt. */
  public Selection selection(IpAddress address, Direction direction) {
    return Optional.ofNullable(places.get(address))
        .map(place -> PolicyProfiles.whoeverIsExempt(place.pods()).selection(direction))
        .orElseThrow(() -> new IllegalArgumentException("no pod has the address " + address));
  }

  /**
   * Whether this rule alone, of that policy, matches a flow of the pod, as its node's kernel would
   * find.
   */
  public boolean matches(
      ObjectKey policy, PolicyRule rule, Pod pod, Direction direction, Flow flow) {
    var ip = direction.subject(flow);
    var ports = switch (direction) { // N9: the names that matter are the destination's
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
    return Evaluator.decide(RuleSet.of(records, parts), TrafficPath.of(direction), flow).allowed();
  }

  /** The set with no other pods than the one of this address: no other one is asked about. */
  private SetContent at(SetDefinition definition, IpAddress address) {
    var set = sets.acquire(definition);
    try {
      return set.at(address, Optional.ofNullable(places.get(address)));
    } finally {
      sets.release(set);
      sets.forgetUnused();
      matching.forgetUnused();
    }
  }
}
