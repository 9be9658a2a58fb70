package io.portcullis.nft;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.portcullis.net.Family;
import io.portcullis.net.PortRange;
import io.portcullis.net.Protocol;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.ChainId;
import io.portcullis.ruleset.Ports;
import io.portcullis.ruleset.Rule;
import io.portcullis.ruleset.SetId;
import io.portcullis.ruleset.SetKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Reads one rule of a pod's chain as nft lists it, expression by expression. */
final class RuleReader {
  private static final List<String> OF_EVERY_RULE =
      List.of("family", "table", "chain", "handle", "expr");

  private final ChainId chain;
  private final Deque<JsonNode> expressions = new ArrayDeque<>();

  private Optional<DeniedBy> deniedBy = Optional.empty();

  private RuleReader(ChainId chain, JsonNode expressions) {
    this.chain = chain;
    expressions.forEach(this.expressions::add);
  }

  /**
   * The chain that denies what the rule matches.
   *
   * @param unlessSelf whether a pod reaches itself there (T4)
   */
  record DeniedBy(Family family, boolean unlessSelf) {}

  /** A rule with what it has counted. */
  record Read(Rule rule, Counter counter, Optional<DeniedBy> deniedBy) {}

  /**
   * Reads a rule of that chain.
   *
   * @throws IllegalArgumentException when it is not as {@link NftRenderer} writes one
   */
  static Read read(ChainId chain, ObjectNode rule) {
    return new RuleReader(chain, expressions(rule)).rule();
  }

  /** Returns the expressions of a rule, which has nothing else. */
  static JsonNode expressions(ObjectNode rule) {
    var rest = rule.deepCopy();
    rest.remove(OF_EVERY_RULE);
    if (!rest.isEmpty()) {
      throw new IllegalArgumentException("a rule has more than its expressions");
    }
    return rule.path("expr");
  }

  private Read rule() {
    var first = peers(); // a set that holds ports too stands first
    var ports = ports();
    var peers = first.or(this::peers);
    var counter = counter();
    var action = action();
    if (!expressions.isEmpty()) {
      throw new IllegalArgumentException("a rule has more than condition, counter and verdict");
    }
    return new Read(new Rule(peers, ports, action, List.of()), counter, deniedBy);
  }

  private Optional<SetId> peers() {
    for (var family : Family.values()) {
      var address = ListingJson.peer(family, chain.direction());
      var plain = take(address);
      var withPort = take(ListingJson.concat(address, ListingJson.PROTOCOL, ListingJson.ANY_DPORT));
      var set = plain.or(() -> withPort).map(name -> SetId.parse(afterAt(name)));
      if (set.isPresent()) {
        if (set.get().family() != family
            || (set.get().kind() == SetKind.HOST_PORTS) != withPort.isPresent()) {
          throw new IllegalArgumentException("a set looked up by what it does not hold");
        }
        return set;
      }
    }
    return Optional.empty();
  }

  private static String afterAt(JsonNode reference) {
    var text = reference.asText();
    if (!text.startsWith("@")) {
      throw new IllegalArgumentException("not a reference to a set");
    }
    return text.substring(1);
  }

  private Ports ports() {
    var whole = take(ListingJson.PROTOCOL);
    if (whole.isPresent()) {
      return Ports.of(List.of(PortRange.all(ElementReader.protocol(whole.get()))));
    }
    for (var protocol : Protocol.values()) {
      var ports = take(ListingJson.dport(protocol));
      if (ports.isPresent()) {
        return Ports.of(members(ports.get()).stream().map(item -> range(protocol, item)).toList());
      }
    }
    var mixed = take(ListingJson.concat(ListingJson.PROTOCOL, ListingJson.ANY_DPORT));
    if (mixed.isEmpty()) {
      return Ports.ANY;
    }
    return Ports.of(
        members(mixed.get()).stream()
            .map(item -> item.path("concat"))
            .map(pair -> range(ElementReader.protocol(pair.path(0)), pair.path(1)))
            .toList());
  }

  private static List<JsonNode> members(JsonNode right) {
    if (!right.path("set").isArray()) {
      return List.of(right);
    }
    var members = new ArrayList<JsonNode>();
    right.path("set").forEach(members::add);
    if (members.isEmpty()) {
      throw new IllegalArgumentException("an empty set of ports");
    }
    return members;
  }

  private static PortRange range(Protocol protocol, JsonNode value) {
    var bounds = value.path("range");
    return bounds.size() == 2
        ? new PortRange(
            protocol, ElementReader.port(bounds.get(0)), ElementReader.port(bounds.get(1)))
        : PortRange.of(protocol, ElementReader.port(value));
  }

  /** Takes the next expression, and returns its right side, if it compares that left side. */
  private Optional<JsonNode> take(JsonNode left) {
    if (expressions.isEmpty()) {
      return Optional.empty();
    }
    var match = expressions.getFirst().path("match");
    if (!match.path("op").asText().equals("==") || !match.path("left").equals(left)) {
      return Optional.empty();
    }
    expressions.removeFirst();
    return Optional.of(match.path("right"));
  }

  private Counter counter() {
    if (expressions.isEmpty() || !expressions.getFirst().path("counter").isObject()) {
      return Counter.ZERO;
    }
    return Counter.read(expressions.removeFirst().path("counter"));
  }

  private Action action() {
    if (expressions.isEmpty()) {
      throw new IllegalArgumentException("a rule has no verdict");
    }
    var verdict = expressions.removeFirst();
    if (verdict.has("return")) {
      return Action.ACCEPT;
    }
    var next = verdict.path("goto").path("target").asText();
    for (var family : Family.values()) {
      var isIsolation = next.equals(ObjectNames.isolationChain(chain.direction(), family));
      if (isIsolation || next.equals(ObjectNames.denyChain(chain.direction(), family))) {
        deniedBy = Optional.of(new DeniedBy(family, isIsolation));
        return Action.DENY;
      }
    }
    return new Action.Continue(ChainId.parse(next));
  }
}
