package io.portcullis.nft;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.portcullis.net.Family;
import io.portcullis.net.PortRange;
import io.portcullis.net.Protocol;
import io.portcullis.nft.NftDump.Counter;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.ChainId;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.Ports;
import io.portcullis.ruleset.Rule;
import io.portcullis.ruleset.SetId;
import io.portcullis.ruleset.SetKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads one rule of a pod's chain as nft lists it, expression by expression. */
final class RuleReader {
  private static final List<String> OF_EVERY_RULE =
      List.of("family", "table", "chain", "handle", "expr");

  private final ChainId chain;
  private final Deque<JsonNode> expressions = new ArrayDeque<>();

  /** Of the chains for what is denied that its rules lead to. */
  private final Set<Family> denials;

  private RuleReader(ChainId chain, JsonNode expressions, Set<Family> denials) {
    this.chain = chain;
    this.denials = denials;
    expressions.forEach(this.expressions::add);
  }

  /** A chain with the counters of its rules and of its end. */
  record ReadChain(Chain chain, List<Counter> counters) {}

  private record ReadRule(Rule rule, Counter counter) {}

  /**
   * Reads a chain. The listing does not tell its family, but only one of them makes the id that it
   * is named by.
   *
   * @throws IllegalArgumentException when it is not the content that its id stands for
   */
  static ReadChain chain(ChainId id, List<ObjectNode> listed) {
    if (listed.isEmpty()) {
      throw new IllegalArgumentException("no rules");
    }
    var denials = EnumSet.noneOf(Family.class);
    var read =
        listed.stream().map(rule -> new RuleReader(id, expressions(rule), denials).rule()).toList();
    var end = read.getLast().rule();
    if (end.peers().isPresent() || !end.ports().any()) {
      throw new IllegalArgumentException("its last rule has a condition");
    }
    var rules = read.subList(0, read.size() - 1).stream().map(ReadRule::rule).toList();
    for (var family : Family.values()) {
      if (!Set.of(family).containsAll(denials)) {
        continue;
      }
      if (rules.stream().flatMap(r -> r.peers().stream()).allMatch(s -> s.family() == family)) {
        var chain = Chain.of(id.direction(), family, rules, end.action());
        if (chain.id().equals(id)) {
          return new ReadChain(chain, read.stream().map(ReadRule::counter).toList());
        }
      }
    }
    throw new IllegalArgumentException("not what its id stands for");
  }

  /** What the only rule of the stamp's chain says. */
  static Stamp stamp(List<ObjectNode> listed) {
    if (listed.size() != 1) {
      throw new IllegalArgumentException("not one rule");
    }
    return Stamp.parse(listed.getFirst().path("comment").asText());
  }

  /** The expressions of a rule that has nothing else. */
  static JsonNode expressions(ObjectNode rule) {
    var rest = rule.deepCopy();
    rest.remove(OF_EVERY_RULE);
    if (!rest.isEmpty()) {
      throw new IllegalArgumentException("a rule has more than its expressions");
    }
    return rule.path("expr");
  }

  private ReadRule rule() {
    var first = peers(); // those that hold ports too
    var ports = ports();
    var peers = first.or(this::peers);
    var counter = counter();
    var action = action();
    if (!expressions.isEmpty()) {
      throw new IllegalArgumentException("a rule has more than condition, counter and verdict");
    }
    return new ReadRule(new Rule(peers, ports, action, List.of()), counter);
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
      return Ports.of(List.of(PortRange.all(Elements.protocol(whole.get()))));
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
            .map(pair -> range(Elements.protocol(pair.path(0)), pair.path(1)))
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
        ? new PortRange(protocol, Elements.port(bounds.get(0)), Elements.port(bounds.get(1)))
        : PortRange.of(protocol, Elements.port(value));
  }

  /** What the next expression compares with, taken away, if it compares that left side. */
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
    return counter(expressions.removeFirst().path("counter"));
  }

  /** What is listed of a counter. */
  static Counter counter(JsonNode counter) {
    return new Counter(counter.path("packets").asLong(), counter.path("bytes").asLong());
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
      if (next.equals(ObjectNames.denial(chain.direction(), family))) {
        denials.add(family);
        return Action.DENY;
      }
    }
    return new Action.Continue(ChainId.parse(next));
  }
}
