package io.portcullis.oracle;

import io.portcullis.cluster.Direction;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.PortSpec;
import io.portcullis.cluster.TieredRule;
import io.portcullis.cluster.TieredRule.Action;
import io.portcullis.net.Cidr;
import io.portcullis.net.PortRange;
import io.portcullis.net.Protocol;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/** Draws the rules of {@link WrittenPolicies}. */
final class WrittenRules {
  private static final List<Action> ACTIONS =
      List.of(Action.ACCEPT, Action.ACCEPT, Action.DENY, Action.PASS);
  private static final List<String> PEERS_OF_EGRESS = List.of("nodes", "networks", "domainNames");
  private static final Map<String, Object> NO_OPERATOR =
      Map.of("matchExpressions", List.of(Map.of("key", "app", "operator", "Near")));

  /** Peers that no definition of today has, or that Portcullis does not resolve (A10). */
  private static final List<Map<String, Object>> UNKNOWN_PEERS =
      List.of(
          Map.of("futurePeer", Map.of("a", "b")),
          Map.of("domainNames", List.of("example.com")),
          Map.of("namespaces", NO_OPERATOR),
          Map.of("pods", Map.of("namespaceSelector", Map.of(), "podSelector", NO_OPERATOR)));

  private final Random random;
  private final RandomParts parts;
  private final Dialect dialect;

  WrittenRules(Random random, RandomParts parts, Dialect dialect) {
    this.random = random;
    this.parts = parts;
    this.dialect = dialect;
  }

  /** The ways to write a tiered policy. */
  enum Dialect {
    CLUSTER("ClusterNetworkPolicy", "v1alpha2", "Accept", "protocols"),
    ADMIN("AdminNetworkPolicy", "v1alpha1", "Allow", "ports");

    private final String kind;
    private final String version;
    private final String accept;
    private final String ports;

    Dialect(String kind, String version, String accept, String ports) {
      this.kind = kind;
      this.version = version;
      this.accept = accept;
      this.ports = ports;
    }

    String kind() {
      return kind;
    }

    String version() {
      return version;
    }

    /** Ports that the schema lets pass and that mean nothing. */
    private List<Map<String, Object>> unknownPorts() {
      return switch (this) {
        case CLUSTER ->
            List.of(
                Map.of("icmp", Map.of("type", 8)),
                Map.of("tcp", Map.of("sourcePort", Map.of("number", 1))),
                Map.of("tcp", Map.of("destinationPort", Map.of("service", "http"))));
        case ADMIN ->
            List.of(
                Map.of("portService", Map.of("name", "x")),
                Map.of("portNumber", Map.of("protocol", "DCCP", "port", 80)),
                Map.of("portRange", Map.of("start", 90, "end", 80)));
      };
    }

    private Map<String, Object> port(PortRange range) {
      var number =
          range.first() == range.last()
              ? Map.<String, Object>of("number", range.first())
              : Map.<String, Object>of(
                  "range", Map.of("start", range.first(), "end", range.last()));
      return switch (this) {
        case CLUSTER ->
            Map.of(range.protocol().name().toLowerCase(), Map.of("destinationPort", number));
        case ADMIN ->
            range.first() == range.last()
                ? Map.of(
                    "portNumber",
                    Map.of("protocol", range.protocol().name(), "port", range.first()))
                : Map.of(
                    "portRange",
                    Map.of(
                        "protocol",
                        range.protocol().name(),
                        "start",
                        range.first(),
                        "end",
                        range.last()));
      };
    }

    private Map<String, Object> port(String name) {
      return Map.of(this == CLUSTER ? "destinationNamedPort" : "namedPort", name);
    }
  }

  /** A rule as it is written, and its meaning. */
  record Rule(Map<String, Object> text, TieredRule meaning) {}

  /** An item of a list; without a meaning it is not known. */
  private record Item<T>(Map<String, Object> text, Optional<T> meaning) {}

  Rule rule(Direction direction) {
    var action = parts.one(ACTIONS);
    var peers = parts.several(1, 2, () -> peer(direction));
    var nameless =
        direction == Direction.EGRESS
            && peers.stream()
                .anyMatch(peer -> PEERS_OF_EGRESS.stream().anyMatch(peer.text()::containsKey));
    var ports =
        random.nextInt(3) == 0
            ? Optional.<List<Item<List<PortSpec>>>>empty()
            : Optional.of(parts.several(1, 2, () -> nameless ? number() : port()));
    var text = new LinkedHashMap<String, Object>();
    text.put("action", word(action));
    text.put(direction == Direction.INGRESS ? "from" : "to", texts(peers));
    ports.ifPresent(list -> text.put(dialect.ports, texts(list)));
    return new Rule(text, meaning(action, peers, ports));
  }

  /** A8: what is not known is about the whole rule. */
  private static TieredRule meaning(
      Action action, List<Item<Peer>> peers, Optional<List<Item<List<PortSpec>>>> ports) {
    var peersKnown = peers.stream().allMatch(peer -> peer.meaning().isPresent());
    var portsKnown = ports.stream().flatMap(List::stream).allMatch(p -> p.meaning().isPresent());
    if (action == Action.ACCEPT && !(peersKnown && portsKnown)) {
      return new TieredRule("", Action.ACCEPT, PolicyRule.NOTHING);
    }
    return new TieredRule(
        "",
        peersKnown && portsKnown ? action : Action.DENY,
        new PolicyRule(
            peersKnown ? Optional.of(meanings(peers)) : Optional.empty(),
            portsKnown
                ? ports.map(list -> meanings(list).stream().flatMap(List::stream).toList())
                : Optional.empty()));
  }

  private String word(Action action) {
    return switch (action) {
      case ACCEPT -> dialect.accept;
      case DENY -> "Deny";
      case PASS -> "Pass";
    };
  }

  private Item<Peer> peer(Direction direction) {
    if (random.nextInt(8) == 0) {
      return new Item<>(parts.one(UNKNOWN_PEERS), Optional.empty());
    }
    var selector = parts.selector();
    var pods = new Peer.Pods(Optional.of(selector), Optional.of(LabelSelector.EVERYTHING));
    return switch (random.nextInt(5)) {
      case 0 -> ofEgress(direction, "nodes", text(selector), new Peer.Nodes(selector));
      case 1 -> {
        var block = new Peer.Block(Cidr.parse("10.244.0.0/29"), List.of());
        yield ofEgress(direction, "networks", List.of("10.244.0.0/29"), block);
      }
      case 2 -> {
        var some = parts.selector();
        yield new Item<>(
            Map.of("pods", Map.of("namespaceSelector", text(selector), "podSelector", text(some))),
            Optional.of(new Peer.Pods(Optional.of(selector), Optional.of(some))));
      }
      default -> new Item<>(Map.of("namespaces", text(selector)), Optional.of(pods));
    };
  }

  /** Returns a peer of egress, which in ingress is not known (A7). */
  private static Item<Peer> ofEgress(Direction direction, String name, Object text, Peer meaning) {
    return new Item<>(
        Map.of(name, text),
        direction == Direction.EGRESS ? Optional.of(meaning) : Optional.empty());
  }

  private Item<List<PortSpec>> port() {
    if (random.nextInt(3) > 0) {
      return number();
    }
    var name = parts.one(List.of("web", "dns"));
    return new Item<>(
        dialect.port(name),
        Optional.of(
            Stream.of(Protocol.values())
                .<PortSpec>map(protocol -> new PortSpec.Named(protocol, name))
                .toList()));
  }

  private Item<List<PortSpec>> number() {
    if (random.nextInt(8) == 0) {
      return new Item<>(parts.one(dialect.unknownPorts()), Optional.empty());
    }
    var first = parts.one(RandomClusters.PORTS);
    var range =
        new PortRange(
            parts.one(List.of(Protocol.values())), first, first + 100 * random.nextInt(2));
    return new Item<>(dialect.port(range), Optional.of(List.of(new PortSpec.Numbered(range))));
  }

  /** Writes a selector. */
  static Map<String, Object> text(LabelSelector selector) {
    var text = new LinkedHashMap<String, Object>();
    text.put("matchLabels", selector.matchLabels());
    text.put(
        "matchExpressions",
        selector.expressions().stream()
            .map(
                expression ->
                    Map.of(
                        "key",
                        expression.key(),
                        "operator",
                        word(expression.operator()),
                        "values",
                        expression.values()))
            .toList());
    return text;
  }

  private static String word(LabelSelector.Operator operator) {
    return switch (operator) {
      case IN -> "In";
      case NOT_IN -> "NotIn";
      case EXISTS -> "Exists";
      case DOES_NOT_EXIST -> "DoesNotExist";
    };
  }

  private static <T> List<Map<String, Object>> texts(List<Item<T>> items) {
    return items.stream().map(Item::text).toList();
  }

  private static <T> List<T> meanings(List<Item<T>> items) {
    return items.stream().map(item -> item.meaning().orElseThrow()).toList();
  }
}
