package io.portcullis.compiler.rules;

import io.portcullis.cluster.ClusterObject.ContainerPort;
import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.compiler.rules.ChainBuilder.Built;
import io.portcullis.compiler.state.Cluster;
import io.portcullis.net.Cidr;
import io.portcullis.net.Family;
import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.net.IpRange;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.ChainId;
import io.portcullis.ruleset.Evaluator;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.NodeRecord.PodCidr;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.SetContent;
import io.portcullis.ruleset.SetId;
import io.portcullis.ruleset.Way;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Compiles one state of the cluster to the rule sets of nodes. */
public final class RuleSetCompiler {
  private final Cluster cluster;
  private final Set<String> exemptNamespaces;
  private final SetMembers sets;
  private final Map<String, List<Map.Entry<IpAddress, Pod>>> byNode = new TreeMap<>();
  private final Map<ChainKey, Built> chains = new HashMap<>();
  private final Map<PodClass, Selection> selections = new HashMap<>();

  /** Pods with the same namespace and labels are matched once. */
  private record PodClass(String namespace, Map<String, String> labels, Direction direction) {}

  /** What a tier's chain follows from. */
  private record ChainKey(
      Direction direction,
      Family family,
      List<ContainerPort> ports,
      List<ObjectKey> policies,
      String namespace,
      Action next) {}

  /** A chain and those that it continues with. */
  private record Path(Optional<ChainId> first, List<Built> tiers) {}

  /**
   * @param exemptNamespaces whose pods are subjects of no policy (T13)
   */
  public RuleSetCompiler(Cluster cluster, Set<String> exemptNamespaces) {
    this.cluster = cluster;
    this.exemptNamespaces = Set.copyOf(exemptNamespaces);
    this.sets = new SetMembers(cluster);
    cluster
        .owners()
        .entrySet()
        .forEach(
            owner ->
                byNode.computeIfAbsent(owner.getValue().node(), _ -> new ArrayList<>()).add(owner));
  }

  /** The rule set of every node. */
  public Map<String, RuleSet> compileAll() {
    var all = new LinkedHashMap<String, RuleSet>();
    cluster.nodes().forEach(node -> all.put(node, compile(node)));
    return all;
  }

  /** The rule set of one node. */
  public RuleSet compile(String node) {
    var records = new LinkedHashMap<String, NodeRecord>();
    var used = Collections.<Built>newSetFromMap(new IdentityHashMap<>());
    for (var local : byNode.getOrDefault(node, List.of())) {
      var pod = local.getValue();
      var ip = local.getKey();
      var endpoint =
          new Endpoint(
              ip,
              pod.key().namespace() + "/" + pod.key().name(),
              chain(pod, ip.family(), Way.INGRESS, used),
              chain(pod, ip.family(), Way.EGRESS, used),
              chain(pod, ip.family(), Way.TO_OWN_NODE, used));
      records.put(endpoint.key(), endpoint);
    }
    podCidrs(node).forEach(cidr -> records.put(cidr.key(), cidr));
    var parts = new LinkedHashMap<SetId, SetContent>();
    used.forEach(built -> add(built, records, parts));
    return RuleSet.of(records.values(), parts.values());
  }

  /** C1. */
  private List<PodCidr> podCidrs(String node) {
    var ranges = cluster.node(node).stream().flatMap(n -> n.podCidrs().stream()).map(Cidr::range);
    return IpRange.merge(ranges.toList()).stream().map(PodCidr::new).toList();
  }

  private Optional<ChainId> chain(Pod pod, Family family, Way way, Collection<Built> used) {
    var path = path(pod, family, way);
    used.addAll(path.tiers());
    return path.first();
  }

  /** Chains of other policies with the same content are one chain, which stands for all of them. */
  private void add(Built built, Map<String, NodeRecord> records, Map<SetId, SetContent> parts) {
    records.merge(
        built.chain().key(),
        built.chain(),
        (one, other) -> ((Chain) one).unitedWith((Chain) other)); // only a chain has such a key
    built.sets().forEach(set -> parts.computeIfAbsent(set.id(), _ -> sets.content(set)));
  }

  /** The tiers that a pod's traffic is asked by (A1), the last one built first. */
  private Path path(Pod pod, Family family, Way way) {
    var selection = selection(pod, way.direction());
    var tiers = new ArrayList<Built>();
    var next = Action.ACCEPT; // A1: what no tier decides is allowed
    if (way != Way.TO_OWN_NODE && selection.networkPolicies().isPresent()) { // T5, A5
      var built = networkPolicies(pod, family, way, selection.networkPolicies().get());
      tiers.add(built);
      next = new Action.Continue(built.chain().id());
    }
    for (var policies : List.of(selection.baseline(), selection.admin())) {
      var built = tier(pod, family, way, policies, next);
      if (!built.chain().rules().isEmpty()) {
        tiers.add(built);
        next = new Action.Continue(built.chain().id());
      }
    }
    return new Path(
        tiers.isEmpty() ? Optional.empty() : Optional.of(tiers.getLast().chain().id()),
        List.copyOf(tiers));
  }

  private Selection selection(Pod pod, Direction direction) {
    if (exemptNamespaces.contains(pod.key().namespace())) { // T13
      return Selection.NOTHING;
    }
    return selections.computeIfAbsent(
        new PodClass(pod.key().namespace(), pod.labels(), direction),
        _ -> Selection.of(cluster, pod, direction));
  }

  private Built networkPolicies(Pod pod, Family family, Way way, List<NetworkPolicy> policies) {
    var keys = policies.stream().map(NetworkPolicy::key).toList();
    var key =
        new ChainKey(
            way.direction(),
            family,
            ports(pod, way.direction()),
            keys,
            pod.key().namespace(),
            Action.DENY);
    return chain(
        key,
        () -> {
          var names = names(keys);
          if (policies.stream().allMatch(NetworkPolicy::legacy)) { // L1: the annotation isolates
            names.add(ObjectKey.namespace(pod.key().namespace()).display());
          }
          return standingFor(
              names, builder(pod, family, way.direction()).networkPolicies(policies));
        });
  }

  private Built tier(Pod pod, Family family, Way way, List<TieredPolicy> policies, Action next) {
    var keys = policies.stream().map(TieredPolicy::key).toList();
    var key = new ChainKey(way.direction(), family, ports(pod, way.direction()), keys, "", next);
    return chain(
        key,
        () -> standingFor(names(keys), builder(pod, family, way.direction()).tier(policies, next)));
  }

  private Built chain(ChainKey key, Supplier<Built> make) {
    return chains.computeIfAbsent(key, _ -> make.get());
  }

  private static Collection<String> names(List<ObjectKey> policies) {
    return new ArrayList<>(policies.stream().map(ObjectKey::display).toList());
  }

  private static Built standingFor(Collection<String> names, Built built) {
    return new Built(built.chain().standingFor(names), built.sets());
  }

  private static ChainBuilder builder(Pod pod, Family family, Direction direction) {
    return new ChainBuilder(direction, family, ports(pod, direction));
  }

  /** The names that matter are the destination's (N9). */
  private static List<ContainerPort> ports(Pod pod, Direction direction) {
    return switch (direction) {
      case INGRESS -> pod.ports();
      case EGRESS -> List.of();
    };
  }

  /**
   * Whether this rule alone, of that policy, matches a flow of the pod, as its node's kernel would
   * find.
   */
  public boolean matches(
      ObjectKey policy, PolicyRule rule, Pod pod, Direction direction, Flow flow) {
    var ip = direction.subject(flow);
    var built = builder(pod, ip.family(), direction).alone(policy, rule);
    var chain = Optional.of(built.chain().id());
    var records = new ArrayList<NodeRecord>();
    records.add(built.chain());
    records.add(
        switch (direction) {
          case INGRESS -> new Endpoint(ip, "", chain, Optional.empty(), Optional.empty());
          case EGRESS -> new Endpoint(ip, "", Optional.empty(), chain, Optional.empty());
        });
    var parts = built.sets().stream().map(sets::content).distinct().toList();
    return Evaluator.decide(RuleSet.of(records, parts), Way.of(direction), flow).allowed();
  }
}
