package io.portcullis.oracle;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.PortSpec;
import io.portcullis.cluster.Tier;
import io.portcullis.cluster.TieredRule;
import io.portcullis.net.Cidr;
import io.portcullis.net.PortRange;
import io.portcullis.net.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Draws policies of all kinds over the names, labels, addresses and ports of the clusters. */
final class RandomPolicies {
  private static final List<Peer> BLOCKS =
      List.of(
          block("10.244.0.0/29", "10.244.0.2/31"),
          block("10.244.0.2/32"),
          block("172.18.0.0/16", "172.18.0.12/32"),
          block("0.0.0.0/0", "10.244.0.4/30", "203.0.113.0/25"),
          block("::/0", "fd00:10:244::2/127", "2001:db8:51::/48"));
  private static final List<Peer> NETWORKS =
      List.of(
          block("10.244.0.0/30"),
          block("203.0.113.0/24"),
          block("0.0.0.0/0"),
          block("::/0"),
          block("fd00:10:244::/126"),
          block("172.18.0.11/32"),
          block("fd00:172:18::/64"));
  private static final List<PortRange> RANGES =
      List.of(
          PortRange.of(Protocol.TCP, 80),
          PortRange.of(Protocol.TCP, 80),
          new PortRange(Protocol.TCP, 80, 443),
          PortRange.of(Protocol.UDP, 81),
          PortRange.all(Protocol.UDP),
          PortRange.of(Protocol.SCTP, 8080));

  private static final List<TieredRule.Action> ACTIONS =
      List.of(
          TieredRule.Action.ACCEPT,
          TieredRule.Action.DENY,
          TieredRule.Action.DENY,
          TieredRule.Action.PASS);

  private final Random random;
  private final RandomParts parts;

  RandomPolicies(Random random, RandomParts parts) {
    this.random = random;
    this.parts = parts;
  }

  private static Peer block(String cidr, String... except) {
    return new Peer.Block(Cidr.parse(cidr), Stream.of(except).map(Cidr::parse).toList());
  }

  ClusterObject networkPolicy() {
    var legacy = random.nextInt(3) == 0;
    return new ClusterObject.NetworkPolicy(
        new ObjectKey(
            legacy ? "extensions" : "networking.k8s.io",
            "NetworkPolicy",
            parts.namespaceName(),
            parts.networkPolicyName()),
        parts.origin(),
        parts.selector(),
        legacy ? Set.of() : parts.directions(),
        parts.several(0, 2, this::rule),
        legacy ? List.of() : parts.several(0, 2, this::rule));
  }

  private PolicyRule rule() {
    return new PolicyRule(
        maybe(() -> parts.several(0, 2, this::peer)), maybe(() -> parts.several(0, 2, this::port)));
  }

  private <T> Optional<T> maybe(Supplier<T> made) {
    return random.nextInt(3) == 0 ? Optional.empty() : Optional.of(made.get());
  }

  private Peer peer() {
    if (random.nextInt(3) == 0) {
      return parts.one(BLOCKS);
    }
    var namespaces = maybe(parts::selector);
    return new Peer.Pods(
        namespaces, namespaces.isEmpty() ? Optional.of(parts.selector()) : maybe(parts::selector));
  }

  private PortSpec port() {
    return random.nextInt(3) == 0
        ? new PortSpec.Named(parts.one(List.of(Protocol.values())), portName())
        : new PortSpec.Numbered(parts.one(RANGES));
  }

  private String portName() {
    return parts.one(List.of("web", "dns"));
  }

  /** Draws a tiered policy; equal priorities and equal names are frequent (A2). */
  ClusterObject tieredPolicy() {
    return switch (random.nextInt(4)) {
      case 0 ->
          tiered(
              "BaselineAdminNetworkPolicy",
              "default",
              Tier.BASELINE,
              ClusterObject.TieredPolicy.LAST);
      case 1 -> tiered("AdminNetworkPolicy", parts.tieredPolicyName(), Tier.ADMIN, priority());
      default ->
          tiered(
              "ClusterNetworkPolicy",
              parts.tieredPolicyName(),
              parts.one(List.of(Tier.values())),
              priority());
    };
  }

  private int priority() {
    return parts.one(List.of(0, 1, 1, 1000));
  }

  private ClusterObject tiered(String kind, String name, Tier tier, int priority) {
    return new ClusterObject.TieredPolicy(
        new ObjectKey("policy.networking.k8s.io", kind, "", name),
        parts.origin(),
        tier,
        priority,
        new Peer.Pods(Optional.of(parts.selector()), Optional.of(parts.selector())),
        parts.several(0, 3, () -> tieredRule(Direction.INGRESS)),
        parts.several(0, 3, () -> tieredRule(Direction.EGRESS)));
  }

  private TieredRule tieredRule(Direction direction) {
    var peers =
        random.nextInt(8) == 0 // A8
            ? Optional.<List<Peer>>empty()
            : Optional.of(parts.<Peer>several(1, 2, () -> tieredPeer(direction)));
    var ports =
        random.nextInt(2) == 0
            ? Optional.<List<PortSpec>>empty()
            : Optional.of(
                parts.several(0, 2, this::tieredPorts).stream()
                    .<PortSpec>flatMap(List::stream)
                    .toList());
    return new TieredRule(
        random.nextBoolean() ? "" : "named", parts.one(ACTIONS), new PolicyRule(peers, ports));
  }

  private Peer tieredPeer(Direction direction) {
    return switch (direction == Direction.INGRESS ? 0 : random.nextInt(4)) {
      case 2 -> parts.one(NETWORKS); // A7
      case 3 -> new Peer.Nodes(parts.selector()); // A7
      default -> new Peer.Pods(Optional.of(parts.selector()), maybe(parts::selector));
    };
  }

  /** Draws ports; a name stands for every protocol that has it (A9). */
  private List<PortSpec> tieredPorts() {
    if (random.nextInt(3) > 0) {
      return List.of(new PortSpec.Numbered(parts.one(RANGES)));
    }
    var name = portName();
    var all = new ArrayList<PortSpec>();
    for (var protocol : Protocol.values()) {
      all.add(new PortSpec.Named(protocol, name));
    }
    return all;
  }
}
