package io.portcullis.oracle;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.ContainerPort;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.LabelSelector.Operator;
import io.portcullis.cluster.LabelSelector.Requirement;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.net.Cidr;
import io.portcullis.net.IpAddress;
import io.portcullis.net.Protocol;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Small random clusters, dense enough that policies meet; the same seed makes the same one. */
public final class RandomClusters {
  /** The numbers that ports of pods and policies have. */
  public static final List<Integer> PORTS = List.of(80, 81, 443, 8080);

  static final List<String> NAMESPACES = List.of("a", "b", "c");
  private static final List<String> NODES = List.of("n1", "n2");
  private static final int POD_ADDRESSES = 7;

  private final Random random;

  private RandomClusters(Random random) {
    this.random = random;
  }

  public static List<ClusterObject> of(long seed) {
    return next(Random.from(new SplittableRandom(seed))); // near seeds, and yet other clusters
  }

  /** The next cluster of this source. */
  public static List<ClusterObject> next(Random random) {
    return new RandomClusters(random).make();
  }

  /** Every address that could matter: of pods and nodes, and some that are neither's. */
  public static List<IpAddress> addresses() {
    var all = new ArrayList<IpAddress>();
    for (var i = 1; i <= POD_ADDRESSES + 1; i++) {
      all.addAll(podAddresses(i));
    }
    NODES.forEach(node -> all.addAll(nodeAddresses(node)));
    for (var outside :
        List.of(
            "203.0.113.10",
            "203.0.113.200",
            "198.51.100.10",
            "2001:db8:113::10",
            "2001:db8:51::10")) {
      all.add(IpAddress.parse(outside));
    }
    return all;
  }

  private static List<IpAddress> podAddresses(int number) {
    return List.of(
        IpAddress.parse("10.244.0." + number), IpAddress.parse("fd00:10:244::" + number));
  }

  private static List<IpAddress> nodeAddresses(String node) {
    var number = node.substring(1);
    return List.of(
        IpAddress.parse("172.18.0.1" + number), IpAddress.parse("fd00:172:18::1" + number));
  }

  private List<ClusterObject> make() {
    var policies = new RandomPolicies(random, this);
    var made = new TreeMap<ObjectKey, ClusterObject>();
    several(0, 3, this::namespace).forEach(object -> made.put(object.key(), object));
    for (var node : NODES) {
      if (random.nextInt(10) > 0) {
        made.put(ObjectKey.node(node), node(node));
      }
    }
    several(3, 9, this::pod).forEach(object -> made.put(object.key(), object));
    several(0, 4, policies::networkPolicy).forEach(object -> made.put(object.key(), object));
    several(0, 6, policies::tieredPolicy).forEach(object -> made.put(object.key(), object));
    return List.copyOf(made.values());
  }

  <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  <T> List<T> several(int least, int most, Supplier<? extends T> item) {
    var count = least + random.nextInt(most - least + 1);
    var items = new ArrayList<T>();
    for (var i = 0; i < count; i++) {
      items.add(item.get());
    }
    return items;
  }

  Origin origin() {
    return new Origin("random.yaml", "uid-" + random.nextInt(1_000_000), 1, 0);
  }

  private Map<String, String> labels() {
    var labels = new TreeMap<String, String>();
    for (var key : List.of("app", "role")) {
      if (random.nextBoolean()) {
        labels.put(key, one(List.of("x", "y")));
      }
    }
    return labels;
  }

  /** Half of the time it selects everything, or by the namespaces' own label (T10). */
  LabelSelector selector() {
    return switch (random.nextInt(10)) {
      case 0, 1, 2, 3, 4 -> LabelSelector.EVERYTHING;
      case 5 -> LabelSelector.labels(Map.of(ClusterObject.NAMESPACE_NAME_LABEL, one(NAMESPACES)));
      case 6, 7 -> new LabelSelector(new TreeMap<>(), List.of(requirement()));
      default -> new LabelSelector(new TreeMap<>(labels()), several(0, 1, this::requirement));
    };
  }

  private Requirement requirement() {
    var operator = one(List.of(Operator.values()));
    return new Requirement(
        one(List.of("app", "role")),
        operator,
        switch (operator) {
          case IN, NOT_IN -> several(1, 2, () -> one(List.of("x", "y")));
          case EXISTS, DOES_NOT_EXIST -> List.of();
        });
  }

  private ClusterObject namespace() {
    return new ClusterObject.Namespace(
        ObjectKey.namespace(one(NAMESPACES)), origin(), labels(), random.nextInt(4) == 0);
  }

  private ClusterObject node(String name) {
    return new ClusterObject.Node(
        ObjectKey.node(name),
        origin(),
        labels(),
        nodeAddresses(name),
        List.of(Cidr.parse("10.244.0.0/24")));
  }

  private ClusterObject pod() {
    var node = one(NODES);
    var number = 1 + random.nextInt(POD_ADDRESSES);
    var special = random.nextInt(8);
    var hostNetwork = special <= 1;
    return new ClusterObject.Pod(
        ObjectKey.pod(one(NAMESPACES), one(List.of("p", "q", "r"))),
        origin(),
        labels(),
        node,
        special == 0 ? nodeAddresses(node) : podAddresses(number),
        hostNetwork,
        special == 2,
        number % 2,
        several(0, 3, this::containerPort));
  }

  private ContainerPort containerPort() {
    return new ContainerPort(
        one(List.of("web", "dns")), one(List.of(Protocol.values())), one(PORTS));
  }

  Set<Direction> directions() {
    return switch (random.nextInt(3)) {
      case 0 -> EnumSet.of(Direction.INGRESS);
      case 1 -> EnumSet.of(Direction.EGRESS);
      default -> EnumSet.allOf(Direction.class);
    };
  }
}
