package io.portcullis.bench.scale;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.PortSpec;
import io.portcullis.cluster.Tier;
import io.portcullis.cluster.TieredRule;
import io.portcullis.net.IpAddress;
import io.portcullis.net.PortRange;
import io.portcullis.net.Protocol;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * A cluster of namespaces whose pods admit only each other, and pods of it that return with other
 * addresses. Each namespace is spread over some neighbouring nodes.
 */
final class ScaleCluster {
  private static final int PODS_OF_A_NAMESPACE = 60;
  private static final int NODES_OF_A_NAMESPACE = 20;

  /** The smallest number of nodes at which a namespace's pods concern at most a quarter of them. */
  static final int FEWEST_NODES_WITH_WIDE_SETS = 4 * NODES_OF_A_NAMESPACE + 1;

  private static final int ADDRESSES = 250;

  private final Random random;
  private final int nodes;
  private final Map<ObjectKey, ClusterObject> objects = new LinkedHashMap<>();
  private final List<ObjectKey> pods = new ArrayList<>();
  private final Map<String, Set<String>> nodesOfNamespaces = new HashMap<>();
  private final int[] lastAddress;

  ScaleCluster(int nodes, int pods, long seed) {
    this.random = new Random(seed);
    this.nodes = nodes;
    this.lastAddress = new int[nodes];
    for (var node = 0; node < nodes; node++) {
      put(
          new ClusterObject.Node(
              ObjectKey.node(name(node)), origin(), Map.of(), List.of(), List.of()));
    }
    for (var pod = 0; pod < pods; pod++) {
      if (pod % PODS_OF_A_NAMESPACE == 0) {
        begin(namespace(pod));
      }
      var number = pod / PODS_OF_A_NAMESPACE * 7;
      var node = (number + random.nextInt(Math.min(nodes, NODES_OF_A_NAMESPACE))) % nodes;
      var key = ObjectKey.pod(namespace(pod), "pod-" + pod);
      this.pods.add(key);
      nodesOfNamespaces.computeIfAbsent(key.namespace(), _ -> new TreeSet<>()).add(name(node));
      put(pod(key, node));
    }
  }

  /** Returns a policy that admits all pods of the cluster on one port of all pods. */
  static TieredPolicy wide() {
    var everyPod =
        new Peer.Pods(Optional.of(LabelSelector.EVERYTHING), Optional.of(LabelSelector.EVERYTHING));
    var port = new PortSpec.Numbered(PortRange.of(Protocol.TCP, 9_100));
    var rule = new PolicyRule(Optional.of(List.of(everyPod)), Optional.of(List.of(port)));
    return new TieredPolicy(
        new ObjectKey("policy.networking.k8s.io", "ClusterNetworkPolicy", "", "wide"),
        origin(),
        Tier.ADMIN,
        0,
        everyPod,
        List.of(new TieredRule("", TieredRule.Action.ACCEPT, rule)),
        List.of());
  }

  static String name(int node) {
    return "node-" + node;
  }

  private static String namespace(int pod) {
    return "town-" + pod / PODS_OF_A_NAMESPACE;
  }

  private static Origin origin() {
    return new Origin("bench", "", 0, 1);
  }

  private void begin(String namespace) {
    put(
        new ClusterObject.Namespace(
            ObjectKey.namespace(namespace), origin(), Map.of("team", namespace), false));
    var own = new Peer.Pods(Optional.empty(), Optional.of(LabelSelector.EVERYTHING));
    put(
        new ClusterObject.NetworkPolicy(
            new ObjectKey("networking.k8s.io", "NetworkPolicy", namespace, "own"),
            origin(),
            LabelSelector.EVERYTHING,
            Set.of(Direction.INGRESS),
            List.of(new PolicyRule(Optional.of(List.of(own)), Optional.empty())),
            List.of()));
  }

  private Pod pod(ObjectKey key, int node) {
    lastAddress[node] = lastAddress[node] % ADDRESSES + 1;
    return new Pod(
        key,
        origin(),
        Map.of("app", "app-" + random.nextInt(4)),
        name(node),
        List.of(
            IpAddress.parse("10." + (node >> 8) + "." + (node & 255) + "." + lastAddress[node])),
        false,
        false,
        0,
        List.of());
  }

  private void put(ClusterObject object) {
    objects.put(object.key(), object);
  }

  Collection<ClusterObject> objects() {
    return List.copyOf(objects.values());
  }

  /** Returns the nodes that need the addresses of a pod. */
  Set<String> nodesOf(Pod pod) {
    return nodesOfNamespaces.get(pod.key().namespace());
  }

  int nodes() {
    return nodes;
  }

  /** Gives a random pod the next address of its node. */
  Pod next() {
    return again(pods.get(random.nextInt(pods.size())));
  }

  private Pod again(ObjectKey key) {
    var before = (Pod) objects.get(key);
    var after = pod(key, Integer.parseInt(before.node().substring("node-".length())));
    put(after);
    return after;
  }
}
