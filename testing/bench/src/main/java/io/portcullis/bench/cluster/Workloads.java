package io.portcullis.bench.cluster;

import io.portcullis.cluster.Direction;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.PortSpec;
import io.portcullis.net.Cidr;
import io.portcullis.net.IpAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Clusters of other projects' benchmarks. */
final class Workloads {
  private static final Set<Direction> BOTH = EnumSet.allOf(Direction.class);
  private static final int FIVE = 5;
  private static final int PODS = 10;

  private Workloads() {}

  /**
   * Adds policies with five ports, ranges, namespace selectors, pod selectors and CIDRs each, in
   * both directions.
   */
  static void fives(ClusterBuilder builder, int namespaces, int policies) {
    for (var n = 0; n < namespaces; n++) {
      var name = "fives-" + n;
      builder.namespace(name, Map.of("group", "group-" + n % 60, "number", "n" + n));
      for (var p = 0; p < PODS; p++) {
        builder.pods(name, Map.of("app", "app-" + p, "num", "p" + p % FIVE), List.of(), 2);
      }
      for (var p = 0; p < policies; p++) {
        var rule = fives(n, p);
        builder.policy(
            name, Peers.labels("app", "app-" + p % PODS), BOTH, List.of(rule), List.of(rule));
      }
    }
  }

  private static PolicyRule fives(int namespace, int policy) {
    var peers = new ArrayList<Peer>();
    var ports = new ArrayList<PortSpec>();
    for (var i = 0; i < FIVE; i++) {
      var at = namespace * 7 + policy * FIVE + i;
      peers.add(Peers.pods(Peers.labels("group", "group-" + at % 60), LabelSelector.EVERYTHING));
      peers.add(Peers.here(Peers.labels("app", "app-" + at % PODS)));
      peers.add(
          new Peer.Block(
              Cidr.parse("%d.%d.%d.0/24".formatted(100 + at % 20, policy, namespace)), List.of()));
      ports.add(Peers.tcp(1_000 + at));
      ports.add(Peers.tcp(20_000 + at * 4, 20_000 + at * 4 + 2));
    }
    return Peers.rule(peers, ports.toArray(PortSpec[]::new));
  }

  static void smallNamespaces(ClusterBuilder builder, int namespaces) {
    for (var n = 0; n < namespaces; n++) {
      var name = "small-" + n;
      builder.namespace(name, Map.of("app", name));
      builder.policy(name, LabelSelector.EVERYTHING, BOTH, List.of(), List.of());
      for (var app = 1; app <= 2; app++) {
        var label = Map.of("app-" + app, "scale-" + app);
        var selector = LabelSelector.labels(label);
        builder.pods(name, label, List.of(), 2);
        builder.policy(
            name, selector, BOTH, List.of(Peers.rule(List.of(Peers.here(selector)))), List.of());
      }
    }
  }

  static void oneNamespace(ClusterBuilder builder, int each) {
    var label = Map.of("app-1", "scale-1");
    var selector = LabelSelector.labels(label);
    builder.namespace("one", Map.of("app", "one"));
    builder.pods("one", label, List.of(), each);
    for (var p = 0; p < each; p++) {
      builder.policy(
          "one", selector, BOTH, List.of(Peers.rule(List.of(Peers.here(selector)))), List.of());
    }
  }

  /** Adds pods each with a policy of its own, which admits the address of the pod before it. */
  static void blockAPod(ClusterBuilder builder, int namespaces, int pods) {
    var before = IpAddress.parse("192.0.2.1");
    for (var n = 0; n < namespaces; n++) {
      var name = "blocks-" + n;
      builder.namespace(name, Map.of("app", name));
      for (var p = 0; p < pods; p++) {
        var label = Map.of("app", "app-" + p);
        builder.pods(name, label, List.of(), 1);
        var block = new Peer.Block(new Cidr(before, before.family().bits()), List.of());
        builder.policy(
            name,
            LabelSelector.labels(label),
            Set.of(Direction.INGRESS),
            List.of(Peers.rule(List.of(block))),
            List.of());
        before = builder.lastPod().addresses().getFirst();
      }
    }
  }
}
