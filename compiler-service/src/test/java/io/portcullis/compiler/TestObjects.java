package io.portcullis.compiler;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.net.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Cluster objects for tests. All pods and policies are in the namespace shop. */
final class TestObjects {
  static final ObjectKey DENY = policyKey("deny");

  /** When the policies were seen, microseconds since 1970. */
  static final long POLICY_SEEN_MICROS = 7;

  private TestObjects() {}

  /** Makes a pod on node n1 with the address 10.244.1.{@code number}. */
  static ClusterObject pod(String name, int number) {
    return pod(name, number, "n1");
  }

  static ClusterObject pod(String name, int number, String node) {
    return new ClusterObject.Pod(
        ObjectKey.pod("shop", name),
        origin(5),
        Map.of("app", name),
        node,
        List.of(IpAddress.parse("10.244.%d.%d".formatted(1 + (number >> 8), number & 255))),
        false,
        false,
        0,
        List.of());
  }

  static ClusterObject node(String name) {
    return new ClusterObject.Node(ObjectKey.node(name), origin(5), Map.of(), List.of(), List.of());
  }

  /** Makes a policy that isolates all pods for ingress. */
  static ClusterObject deny() {
    return ingress(DENY, List.of());
  }

  /** Makes a policy that lets all pods of the namespace reach each other. */
  static ClusterObject allowAll() {
    var everybody = new Peer.Pods(Optional.empty(), Optional.of(LabelSelector.EVERYTHING));
    return ingress(
        policyKey("among-us"),
        List.of(new PolicyRule(Optional.of(List.of(everybody)), Optional.empty())));
  }

  private static ClusterObject ingress(ObjectKey key, List<PolicyRule> rules) {
    return new ClusterObject.NetworkPolicy(
        key,
        origin(POLICY_SEEN_MICROS),
        LabelSelector.EVERYTHING,
        Set.of(Direction.INGRESS),
        rules,
        List.of());
  }

  private static ObjectKey policyKey(String name) {
    return new ObjectKey("networking.k8s.io", "NetworkPolicy", "shop", name);
  }

  private static Origin origin(long seenMicros) {
    return new Origin("test.yaml", "", 0, seenMicros);
  }
}
