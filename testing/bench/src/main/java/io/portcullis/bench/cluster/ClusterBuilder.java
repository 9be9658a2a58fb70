package io.portcullis.bench.cluster;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.ContainerPort;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.Tier;
import io.portcullis.cluster.TieredRule;
import io.portcullis.net.Cidr;
import io.portcullis.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Builds a cluster. Each node has the pod addresses of a {@code /24} of its own. */
final class ClusterBuilder {
  private static final String POLICIES = "networking.k8s.io";
  private static final String TIERED = "policy.networking.k8s.io";

  private final List<ClusterObject> objects = new ArrayList<>();
  private final PodAddresses addresses;
  private final Random random;
  private int made;

  ClusterBuilder(int nodes, Random random) {
    this.addresses = new PodAddresses(nodes);
    this.random = random;
    for (var i = 0; i < nodes; i++) {
      objects.add(
          new ClusterObject.Node(
              ObjectKey.node(PodAddresses.node(i)),
              origin("node-" + i),
              Map.of("zone", "zone-" + i % 3, "kubernetes.io/hostname", PodAddresses.node(i)),
              List.of(
                  IpAddress.parse("172.%d.%d.%d".formatted(16 + (i >> 16), i >> 8 & 255, i & 255))),
              List.of(Cidr.parse(PodAddresses.prefix(i) + ".0/24"))));
    }
  }

  List<ClusterObject> objects() {
    return objects;
  }

  /** Returns the pod that was added last. */
  ClusterObject.Pod lastPod() {
    return objects.reversed().stream()
        .filter(ClusterObject.Pod.class::isInstance)
        .map(ClusterObject.Pod.class::cast)
        .findFirst()
        .orElseThrow();
  }

  static Origin origin(String uid) {
    return new Origin("api", uid, 1, 1_700_000_000_000_000L);
  }

  void namespace(String name, Map<String, String> labels) {
    objects.add(
        new ClusterObject.Namespace(ObjectKey.namespace(name), origin(name), labels, false));
  }

  /** Adds pods that are alike, on any nodes. */
  void pods(String namespace, Map<String, String> labels, List<ContainerPort> ports, int count) {
    for (var i = 0; i < count; i++) {
      var place = addresses.take(random);
      objects.add(
          new ClusterObject.Pod(
              ObjectKey.pod(namespace, "pod-" + ++made),
              origin("pod-uid-" + made),
              labels,
              place.node(),
              List.of(place.address()),
              false,
              false,
              1_700_000_000_000_000L,
              ports));
    }
  }

  void policy(
      String namespace,
      LabelSelector subjects,
      Set<Direction> types,
      List<PolicyRule> ingress,
      List<PolicyRule> egress) {
    var name = "policy-" + ++made;
    objects.add(
        new ClusterObject.NetworkPolicy(
            new ObjectKey(POLICIES, "NetworkPolicy", namespace, name),
            origin(name),
            subjects,
            types,
            ingress,
            egress));
  }

  /** Adds a policy for all pods of the cluster. */
  void tiered(Tier tier, int priority, List<TieredRule> ingress, List<TieredRule> egress) {
    var name = "tiered-" + ++made;
    objects.add(
        new ClusterObject.TieredPolicy(
            new ObjectKey(TIERED, "ClusterNetworkPolicy", "", name),
            origin(name),
            tier,
            priority,
            new Peer.Pods(
                Optional.of(LabelSelector.EVERYTHING), Optional.of(LabelSelector.EVERYTHING)),
            ingress,
            egress));
  }
}
