package io.portcullis.compiler.rules;

import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.compiler.state.Cluster;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.Element;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.SetContent;
import io.portcullis.ruleset.SetId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What sets hold in one state of the cluster. */
final class SetMembers {
  private final Cluster cluster;
  private final Map<SetId, SetContent> sets = new HashMap<>();
  private final Map<PeerPods, Map<IpAddress, Pod>> selected = new HashMap<>();

  SetMembers(Cluster cluster) {
    this.cluster = cluster;
  }

  /** The set and its members. */
  SetContent content(SetDefinition definition) {
    return sets.computeIfAbsent(
        definition.id(),
        id ->
            SetContent.of(
                new NodeRecord.AddressSet(id, definition.text()), elements(definition).toList()));
  }

  private Stream<? extends Element> elements(SetDefinition definition) {
    var family = definition.id().family();
    return switch (definition) {
      case SetDefinition.Networks(_, _, var ranges) -> ranges.stream().map(Element.Network::new);
      case SetDefinition.Hosts(_, _, var peers) ->
          peers.stream()
              .flatMap(peer -> addresses(peer).stream())
              .filter(address -> address.family() == family)
              .map(Element.Host::new);
      case SetDefinition.HostPorts(_, _, var peers) ->
          peers.stream().flatMap(peer -> hostPorts(peer, family).stream());
    };
  }

  private Collection<IpAddress> addresses(HostPeers peers) {
    return switch (peers) {
      case PeerPods pods -> selected(pods).keySet();
      case PeerNodes nodes ->
          cluster.nodeObjects().stream()
              .filter(nodes::matches)
              .flatMap(node -> node.addresses().stream()) // A7
              .toList();
    };
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
