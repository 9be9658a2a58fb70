package io.portcullis.validation;

import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.PortSpec;
import io.portcullis.cluster.TieredRule;
import io.portcullis.cluster.TieredRule.Action;
import io.portcullis.net.IpAddress;
import io.portcullis.net.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A naive reading of tiered rules, for a few flows that tell them apart. */
final class TieredFlows {
  /** The other end of a flow: a pod where it has a namespace, a node where it has node labels. */
  private record End(
      Optional<Map<String, String>> namespace,
      Map<String, String> labels,
      Optional<Map<String, String>> node,
      String address) {}

  /** A flow; without a protocol it is ICMP. */
  record Flow(End end, Optional<Protocol> protocol, int port) {}

  private static final List<End> ENDS =
      List.of(
          pod("shop", "web", "10.1.0.1"),
          pod("shop", "db", "10.1.0.2"),
          pod("bank", "web", "10.2.0.1"),
          pod("bank", "db", "fd00::1"),
          new End(Optional.empty(), Map.of(), Optional.of(Map.of("gpu", "yes")), "192.0.2.1"),
          new End(Optional.empty(), Map.of(), Optional.of(Map.of()), "192.0.2.2"),
          new End(Optional.empty(), Map.of(), Optional.empty(), "203.0.113.9"));

  /** A name that each pod of these flows has for a port. */
  private static final String NAMED = "http";

  private static final int PORT_OF_NAME = 8080;

  private TieredFlows() {}

  private static End pod(String team, String app, String address) {
    return new End(
        Optional.of(Map.of("team", team)), Map.of("app", app), Optional.empty(), address);
  }

  static List<Flow> all() {
    var flows = new ArrayList<Flow>();
    for (var end : ENDS) {
      flows.add(new Flow(end, Optional.empty(), 0));
      for (var protocol : Protocol.values()) {
        for (var port : List.of(53, 80, 443, PORT_OF_NAME, 9000)) {
          flows.add(new Flow(end, Optional.of(protocol), port));
        }
      }
    }
    return flows;
  }

  /** What the first rule that matches does; none where no rule matches (A2). */
  static Optional<Action> decision(List<TieredRule> rules, Flow flow) {
    return rules.stream()
        .filter(rule -> matches(rule.match(), flow))
        .map(TieredRule::action)
        .findFirst();
  }

  private static boolean matches(PolicyRule match, Flow flow) {
    return match
            .peers()
            .map(peers -> peers.stream().anyMatch(p -> holds(p, flow.end())))
            .orElse(true)
        && match.ports().map(ports -> ports.stream().anyMatch(p -> holds(p, flow))).orElse(true);
  }

  private static boolean holds(Peer peer, End end) {
    return switch (peer) {
      case Peer.Pods(var namespaces, var pods) ->
          end.namespace().filter(namespaces.orElseThrow()::matches).isPresent()
              && pods.orElse(LabelSelector.EVERYTHING).matches(end.labels());
      case Peer.Block(var cidr, _) -> cidr.range().contains(IpAddress.parse(end.address()));
      case Peer.Nodes(var nodes) -> end.node().filter(nodes::matches).isPresent();
    };
  }

  private static boolean holds(PortSpec spec, Flow flow) {
    if (flow.protocol().isEmpty()) {
      return false;
    }
    return switch (spec) {
      case PortSpec.Numbered(var range) -> range.contains(flow.protocol().get(), flow.port());
      case PortSpec.Named(var protocol, var name) ->
          protocol == flow.protocol().get()
              && name.equals(NAMED)
              && flow.port() == PORT_OF_NAME
              && flow.end().namespace().isPresent();
    };
  }
}
