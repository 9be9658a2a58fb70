package io.portcullis.compiler.rules;

import io.portcullis.cluster.ClusterObject.ContainerPort;
import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.compiler.state.Cluster;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.ChainId;
import io.portcullis.ruleset.Element;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.SetId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Compiles one state of the cluster to the rule sets of nodes. */
public final class RuleSetCompiler {
  private final Cluster cluster;
  private final Set<String> exemptNamespaces;
  private final Map<String, List<Map.Entry<IpAddress, Pod>>> byNode = new TreeMap<>();
  private final Map<ChainKey, ChainBuilder.Built> chains = new HashMap<>();
  private final Map<PodClass, Optional<List<NetworkPolicy>>> selections = new HashMap<>();
  private final Map<SetId, List<NodeRecord>> sets = new HashMap<>();
  private final Map<PeerPods, Map<IpAddress, Pod>> selected = new HashMap<>();

  /** Pods with the same namespace and labels are matched once. */
  private record PodClass(String namespace, Map<String, String> labels, Direction direction) {}

  private record ChainKey(
      Direction direction, Family family, List<ObjectKey> policies, List<ContainerPort> ports) {}

  /**
   * @param exemptNamespaces whose pods are subjects of no policy (T13)
   */
  public RuleSetCompiler(Cluster cluster, Set<String> exemptNamespaces) {
    this.cluster = cluster;
    this.exemptNamespaces = Set.copyOf(exemptNamespaces);
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

  /** The rule set of one node; a node without pods has an empty one. */
  public RuleSet compile(String node) {
    var records = new ArrayList<NodeRecord>();
    for (var local : byNode.getOrDefault(node, List.of())) {
      var pod = local.getValue();
      var ip = local.getKey();
      records.add(
          new NodeRecord.Endpoint(
              ip,
              pod.key().namespace() + "/" + pod.key().name(),
              chain(pod, ip.family(), Direction.INGRESS, records),
              chain(pod, ip.family(), Direction.EGRESS, records)));
    }
    return RuleSet.of(records);
  }

  private Optional<ChainId> chain(
      Pod pod, Family family, Direction direction, Collection<NodeRecord> records) {
    if (exemptNamespaces.contains(pod.key().namespace())) { // T13
      return Optional.empty();
    }
    return selections
        .computeIfAbsent(
            new PodClass(pod.key().namespace(), pod.labels(), direction),
            _ -> Selection.policies(cluster, pod, direction))
        .map(
            policies -> {
              var ports = direction == Direction.INGRESS ? pod.ports() : List.<ContainerPort>of();
              var built =
                  chains.computeIfAbsent(
                      new ChainKey(
                          direction,
                          family,
                          policies.stream().map(NetworkPolicy::key).toList(),
                          ports),
                      _ -> new ChainBuilder(direction, family, ports).build(policies));
              records.add(built.chain());
              built
                  .sets()
                  .forEach(
                      set -> records.addAll(sets.computeIfAbsent(set.id(), _ -> records(set))));
              return built.chain().id();
            });
  }

  private List<NodeRecord> records(SetDefinition definition) {
    var records = new ArrayList<NodeRecord>();
    var id = definition.id();
    records.add(new NodeRecord.AddressSet(id, definition.text()));
    switch (definition) {
      case SetDefinition.Networks(_, _, var ranges) ->
          ranges.forEach(
              range -> records.add(new NodeRecord.Member(id, new Element.Network(range))));
      case SetDefinition.Hosts(_, _, var peers) ->
          peers.stream()
              .flatMap(peer -> selected(peer).keySet().stream())
              .filter(address -> address.family() == id.family())
              .distinct()
              .forEach(
                  address -> records.add(new NodeRecord.Member(id, new Element.Host(address))));
      case SetDefinition.HostPorts(_, _, var peers) ->
          peers.stream()
              .flatMap(peer -> hostPorts(peer, id.family()).stream())
              .distinct()
              .forEach(element -> records.add(new NodeRecord.Member(id, element)));
    }
    return records;
  }

  private List<Element.HostPort> hostPorts(NamedPeers peers, Family family) {
    var elements = new ArrayList<Element.HostPort>();
    selected(peers.pods())
        .forEach(
            (address, pod) -> {
              if (address.family() == family) {
                pod.ports().stream()
                    .filter(
                        port ->
                            port.name().equals(peers.port().name())
                                && port.protocol() == peers.port().protocol()) // N9
                    .forEach(
                        port ->
                            elements.add(
                                new Element.HostPort(address, port.protocol(), port.number())));
              }
            });
    return elements;
  }

  private Map<IpAddress, Pod> selected(PeerPods peers) {
    return selected.computeIfAbsent(
        peers,
        _ -> {
          var pods = new LinkedHashMap<IpAddress, Pod>();
          cluster
              .owners()
              .forEach(
                  (address, pod) -> {
                    if (peers.matches(cluster.namespace(pod.key().namespace()), pod)) {
                      pods.put(address, pod);
                    }
                  });
          return pods;
        });
  }
}
