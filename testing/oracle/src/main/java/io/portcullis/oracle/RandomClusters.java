package io.portcullis.oracle;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.ContainerPort;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.net.Cidr;
import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.net.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Random clusters with policies of all kinds. The same seed and sizes make the same cluster. */
public final class RandomClusters {
  /** The numbers that ports of pods and policies have. */
  public static final List<Integer> PORTS = List.of(80, 81, 443, 8080);

  private static final List<String> OUTSIDE =
      List.of(
          "203.0.113.10", "203.0.113.200", "198.51.100.10", "2001:db8:113::10", "2001:db8:51::10");

  private final Random random;
  private final ClusterSizes sizes;
  private final RandomParts parts;

  private RandomClusters(Random random, ClusterSizes sizes) {
    this.random = random;
    this.sizes = sizes;
    this.parts = new RandomParts(random, sizes.names());
  }

  /** Returns the small cluster of a seed. */
  public static List<ClusterObject> of(long seed) {
    return of(seed, ClusterSizes.SMALL);
  }

  /** Returns the cluster of a seed; the clusters of adjacent seeds have nothing in common. */
  public static List<ClusterObject> of(long seed, ClusterSizes sizes) {
    return next(Random.from(new SplittableRandom(seed)), sizes);
  }

  /** Draws the next small cluster from a source. */
  public static List<ClusterObject> next(Random random) {
    return next(random, ClusterSizes.SMALL);
  }

  /** Draws the next cluster from a source. */
  public static List<ClusterObject> next(Random random, ClusterSizes sizes) {
    return new RandomClusters(random, sizes).draw();
  }

  /** Returns every address that could matter to a small cluster. */
  public static List<IpAddress> addresses() {
    return addresses(ClusterSizes.SMALL);
  }

  /** Returns every address that could matter: of pods and nodes, and some of neither. */
  public static List<IpAddress> addresses(ClusterSizes sizes) {
    return Stream.of(
            IntStream.rangeClosed(1, sizes.podAddresses() + 1)
                .mapToObj(RandomClusters::podAddresses),
            IntStream.rangeClosed(1, sizes.names().nodes()).mapToObj(RandomClusters::nodeAddresses),
            Stream.of(OUTSIDE.stream().map(IpAddress::parse).toList()))
        .flatMap(all -> all)
        .flatMap(List::stream)
        .toList();
  }

  /** Returns every flow that could matter to a small cluster, at each port and without one. */
  public static List<Flow> flows() {
    var ports = new ArrayList<Optional<Flow.Port>>();
    ports.add(Optional.empty());
    for (var protocol : Protocol.values()) {
      PORTS.forEach(number -> ports.add(Optional.of(new Flow.Port(protocol, number))));
    }
    var flows = new ArrayList<Flow>();
    for (var source : addresses()) {
      for (var destination : addresses()) {
        if (source.family() == destination.family()) {
          ports.forEach(port -> flows.add(new Flow(source, destination, port)));
        }
      }
    }
    return flows;
  }

  private static List<IpAddress> podAddresses(int number) {
    return addresses("10.244.", "fd00:10:244::", number, number);
  }

  private static List<IpAddress> nodeAddresses(int number) {
    return addresses("172.18.", "fd00:172:18::", 10 + number, 0x10 + number);
  }

  private static List<IpAddress> addresses(String v4, String v6, int last4, int last6) {
    return List.of(
        IpAddress.parse(v4 + (last4 >> 8) + "." + (last4 & 255)),
        IpAddress.parse(v6 + Integer.toHexString(last6)));
  }

  private List<ClusterObject> draw() {
    var policies = new RandomPolicies(random, parts);
    var drawn = new ArrayList<ClusterObject>(parts.several(sizes.namespaces(), this::namespace));
    for (var number = 1; number <= sizes.names().nodes(); number++) {
      if (random.nextInt(10) > 0) {
        drawn.add(node(number));
      }
    }
    drawn.addAll(parts.several(sizes.pods(), this::pod));
    drawn.addAll(parts.several(sizes.networkPolicies(), policies::networkPolicy));
    drawn.addAll(parts.several(sizes.tieredPolicies(), policies::tieredPolicy));
    var byKey = new TreeMap<ObjectKey, ClusterObject>();
    drawn.forEach(object -> byKey.put(object.key(), object));
    return List.copyOf(byKey.values());
  }

  private ClusterObject namespace() {
    return new ClusterObject.Namespace(
        ObjectKey.namespace(parts.namespaceName()),
        parts.origin(),
        parts.labels(),
        random.nextInt(4) == 0);
  }

  private ClusterObject node(int number) {
    return new ClusterObject.Node(
        ObjectKey.node(parts.nodeNames().get(number - 1)),
        parts.origin(),
        parts.labels(),
        nodeAddresses(number),
        List.of(Cidr.parse("10.244.0.0/24")));
  }

  private ClusterObject pod() {
    var node = random.nextInt(sizes.names().nodes());
    var number = 1 + random.nextInt(sizes.podAddresses());
    var special = random.nextInt(8);
    var hostNetwork = special <= 1;
    return new ClusterObject.Pod(
        ObjectKey.pod(parts.namespaceName(), parts.podName()),
        parts.origin(),
        parts.labels(),
        parts.nodeNames().get(node),
        special == 0 ? nodeAddresses(node + 1) : podAddresses(number),
        hostNetwork,
        special == 2,
        number % 2,
        parts.several(0, 3, this::containerPort));
  }

  private ContainerPort containerPort() {
    return new ContainerPort(
        parts.one(List.of("web", "dns")), parts.one(List.of(Protocol.values())), parts.one(PORTS));
  }
}
