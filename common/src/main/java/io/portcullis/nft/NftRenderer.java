package io.portcullis.nft;

import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import io.portcullis.net.PortRange;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.Element;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.Ports;
import io.portcullis.ruleset.Rule;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.SetContent;
import io.portcullis.ruleset.SetId;
import io.portcullis.ruleset.Way;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Writes one rule set as a table of nftables. */
public final class NftRenderer {
  /** The table that enforces. */
  public static final String TABLE = "portcullis";

  /** The table that enforces the same while {@link #TABLE} is replaced. */
  public static final String SWAP_TABLE = "portcullis_swap";

  private final RuleSet rules;
  private final Optional<Remarks> remarks;
  private final StringBuilder out = new StringBuilder();

  private NftRenderer(RuleSet rules, Optional<Remarks> remarks) {
    this.rules = rules;
    this.remarks = remarks;
  }

  /** The transaction that makes the table hold this rule set, whatever it held before. */
  public static String replace(RuleSet rules, String table) {
    return remove(table) + new NftRenderer(rules, Optional.empty()).table(table, Optional.empty());
  }

  /** The same for people to read: comments name the pods and policies behind it. */
  public static String readable(RuleSet rules, String table) {
    return remove(table)
        + new NftRenderer(rules, Optional.of(new Remarks(rules))).table(table, Optional.empty());
  }

  /** The same, and the table says whose version it is. */
  public static String replace(RuleSet rules, String table, Stamp stamp) {
    return remove(table)
        + new NftRenderer(rules, Optional.empty()).table(table, Optional.of(stamp));
  }

  /** The transaction that changes nothing but what the live table says of its version. */
  public static String restamp(String table, Stamp stamp) {
    return "table inet "
        + table
        + " {\n  chain "
        + Stamp.CHAIN
        + " {\n  }\n}\nflush chain inet "
        + table
        + " "
        + Stamp.CHAIN
        + "\nadd rule inet "
        + table
        + " "
        + Stamp.CHAIN
        + " "
        + stamped(stamp)
        + "\n";
  }

  /** The transaction that removes the table, also where there is none. */
  public static String remove(String table) {
    return "table inet " + table + "\ndelete table inet " + table + "\n";
  }

  private String table(String table, Optional<Stamp> stamp) {
    out.append("table inet ").append(table).append(" {\n");
    sets();
    for (var family : Family.values()) {
      self(family);
    }
    chainsFirstReferredTo(rules).forEach(this::chain);
    for (var family : Family.values()) {
      for (var way : Way.values()) {
        verdictMap(way, family);
      }
    }
    stamp.ifPresent(this::stamp);
    for (var base : BaseChain.values()) {
      base(base);
    }
    return out.append("}\n").toString();
  }

  private void remark(String indent, Function<Remarks, List<String>> lines) {
    remarks
        .map(lines)
        .orElse(List.of())
        .forEach(line -> out.append(indent).append("# ").append(line).append('\n'));
  }

  private void sets() {
    for (var set : rules.sets().stream().sorted(Comparator.comparing(SetContent::id)).toList()) {
      var id = set.id();
      remark("  ", texts -> texts.ofSet(set.definition()));
      set(id.toString(), type(id), set.elements().stream().sorted().map(this::element));
    }
  }

  private void set(String name, String type, java.util.stream.Stream<String> elements) {
    block("set " + name, type, elements.collect(Collectors.joining(",\n      ")));
  }

  private void block(String head, String type, String elements) {
    out.append("  ").append(head).append(" {\n    ").append(type).append('\n');
    if (!elements.isEmpty()) {
      out.append("    elements = {\n      ").append(elements).append("\n    }\n");
    }
    out.append("  }\n");
  }

  private static String type(SetId id) {
    return switch (id.kind()) {
      case HOSTS -> "type " + Names.address(id.family());
      case NETWORKS -> "type " + Names.address(id.family()) + "; flags interval";
      case HOST_PORTS -> "type " + Names.address(id.family()) + " . inet_proto . inet_service";
    };
  }

  private String element(Element element) {
    return switch (element) {
      case Element.Host(var ip) -> ip.toString();
      case Element.Network(var range) ->
          range.first().equals(range.last()) ? range.first().toString() : range.toString();
      case Element.HostPort(var ip, var protocol, var port) ->
          ip + " . " + protocol.nft() + " . " + port;
    };
  }

  private void self(Family family) { // T4
    set(
        Names.self(family),
        "type " + Names.address(family) + " . " + Names.address(family),
        endpoints(family).map(endpoint -> endpoint.ip() + " . " + endpoint.ip()));
  }

  private java.util.stream.Stream<Endpoint> endpoints(Family family) {
    return rules.endpoints().stream()
        .filter(endpoint -> endpoint.ip().family() == family)
        .sorted(Comparator.comparing(Endpoint::ip));
  }

  private void verdictMap(Way way, Family family) {
    block(
        "map " + Names.verdicts(way, family),
        "type " + Names.address(family) + " : verdict",
        endpoints(family)
            .flatMap(
                endpoint ->
                    endpoint.chain(way).stream().map(chain -> endpoint.ip() + " : jump " + chain))
            .collect(Collectors.joining(",\n      ")));
  }

  /** nft wants a chain to stand before the rule that goes to it. */
  private static List<Chain> chainsFirstReferredTo(RuleSet rules) {
    var ordered = new java.util.LinkedHashSet<Chain>();
    rules.chains().stream()
        .sorted(Comparator.comparing(Chain::id))
        .forEach(chain -> addAfterItsTargets(chain, rules, ordered));
    return List.copyOf(ordered);
  }

  private static void addAfterItsTargets(
      Chain chain, RuleSet rules, java.util.SequencedSet<Chain> ordered) {
    var actions = new ArrayList<>(chain.rules().stream().map(Rule::action).toList());
    actions.add(chain.end());
    for (var action : actions) {
      if (action instanceof Action.Continue(var next)) {
        rules.chain(next).ifPresent(target -> addAfterItsTargets(target, rules, ordered));
      }
    }
    ordered.add(chain);
  }

  private void chain(Chain chain) {
    remark("  ", texts -> texts.ofChain(chain));
    out.append("  chain ").append(chain.id()).append(" {\n");
    for (var rule : chain.rules()) {
      remark("    ", texts -> texts.ofRule(rule));
      out.append("    ").append(match(rule, chain)).append(verdict(rule.action())).append('\n');
    }
    out.append("    ").append(verdict(chain.end())).append("\n  }\n");
  }

  private static String verdict(Action action) {
    return "counter "
        + switch (action) {
          case Action.Accept _ -> "return";
          case Action.Deny _ -> "drop";
          case Action.Continue(var next) -> "goto " + next;
        };
  }

  private static String match(Rule rule, Chain chain) {
    var ip = chain.family() == Family.V4 ? "ip " : "ip6 ";
    var end = chain.id().direction() == Direction.INGRESS ? "saddr " : "daddr ";
    var peers =
        rule.peers()
            .map(
                set ->
                    switch (set.kind()) {
                      case HOSTS, NETWORKS -> ip + end + "@" + set + " ";
                      case HOST_PORTS -> ip + end + ". meta l4proto . th dport @" + set + " ";
                    })
            .orElse("");
    return peers + ports(rule.ports()).map(text -> text + " ").orElse("");
  }

  private static Optional<String> ports(Ports ports) {
    if (ports.any()) {
      return Optional.empty(); // N5
    }
    var ranges = ports.ranges();
    if (ranges.stream().map(PortRange::protocol).distinct().count() > 1) {
      return Optional.of(
          ranges.stream()
              .map(range -> range.protocol().nft() + " . " + numbers(range))
              .collect(Collectors.joining(", ", "meta l4proto . th dport { ", " }")));
    }
    var protocol = ranges.getFirst().protocol().nft();
    if (ranges.getFirst().isAll()) { // N8
      return Optional.of("meta l4proto " + protocol);
    }
    var numbers = ranges.stream().map(NftRenderer::numbers).toList();
    return Optional.of(
        protocol
            + " dport "
            + (numbers.size() == 1
                ? numbers.getFirst()
                : numbers.stream().collect(Collectors.joining(", ", "{ ", " }"))));
  }

  private static String numbers(PortRange range) {
    return range.first() == range.last()
        ? Integer.toString(range.first())
        : range.first() + "-" + range.last();
  }

  private void stamp(Stamp stamp) {
    out.append("  chain ").append(Stamp.CHAIN).append(" {\n    ");
    out.append(stamped(stamp)).append("\n  }\n");
  }

  private static String stamped(Stamp stamp) {
    return "return comment \"" + stamp + "\"";
  }

  private void base(BaseChain base) {
    out.append("  chain ").append(base.chain()).append(" {\n    ");
    out.append(base.hook()).append('\n');
    for (var rule : base.rules()) {
      out.append("    ").append(rule.text()).append('\n');
    }
    out.append("  }\n");
  }
}
