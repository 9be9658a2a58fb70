package io.portcullis.nft;

import io.portcullis.net.PortRange;
import io.portcullis.net.Protocol;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.ChainId;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.Rule;
import io.portcullis.ruleset.SetId;
import io.portcullis.ruleset.SetKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The twin of a pod's chain: it decides as that chain, but by the keys of a connection, so that a
 * packet of either direction meets the same verdict (C2). It returns where the chain accepts, and
 * goes on to {@link RejudgeChains#cut} where the chain denies. One rule of the chain is one rule
 * for each of its ranges of ports.
 */
record TwinChain(Chain chain) {
  private static final String PREFIX = "live_";

  /** A condition or a verdict, as it is written and as nft lists it. */
  private record Part(String text, String listed) {
    static Part match(String key, String listedKey, String right, String listedRight) {
      return new Part(
          key + " " + right,
          "{'match':{'op':'==','left':" + listedKey + ",'right':" + listedRight + "}}");
    }
  }

  /** Returns the name of the twin of that chain. */
  static String name(ChainId chain) {
    return PREFIX + chain;
  }

  /** Returns the name of the twin of that chain or conjunction. */
  static String name(Target.ChainTarget chain) {
    return PREFIX + chain.name();
  }

  /** Returns the chain that such a name is the twin of; empty for every other name. */
  static Optional<ChainId> parse(String name) {
    try {
      return name.startsWith(PREFIX)
          ? Optional.of(ChainId.parse(name.substring(PREFIX.length())))
          : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  String name() {
    return name(chain.id());
  }

  /** Returns the rules in their order. */
  List<FixedRule> rules() {
    var rules = new ArrayList<FixedRule>();
    for (var rule : chain.rules()) {
      ranges(rule).forEach(ports -> rules.add(of(rule, ports)));
    }
    rules.add(rule(List.of(verdict(chain.end(), ObjectNames.cutUnlessSelf(chain.family())))));
    return rules;
  }

  /** Returns what the rule's twins compare one by one; empty stands for every protocol. */
  private static Stream<Optional<PortRange>> ranges(Rule rule) {
    if (!rule.ports().any()) {
      return rule.ports().ranges().stream().map(Optional::of);
    }
    var isWithPort = rule.peers().filter(set -> set.kind() == SetKind.HOST_PORTS).isPresent();
    return isWithPort
        ? Arrays.stream(Protocol.values()).map(PortRange::all).map(Optional::of)
        : Stream.of(Optional.empty());
  }

  private FixedRule of(Rule rule, Optional<PortRange> ports) {
    var parts = new ArrayList<Part>();
    ports.ifPresent(
        range -> {
          parts.add(protocol(range.protocol()));
          if (!range.isAll()) {
            parts.add(port(range));
          }
        });
    rule.peers().ifPresent(set -> parts.add(peer(set)));
    parts.add(verdict(rule.action(), ObjectNames.CUT)); // A12
    return rule(parts);
  }

  private static Part protocol(Protocol protocol) {
    return Part.match(
        "meta l4proto",
        ListingJson.PROTOCOL.toString(),
        protocol.nft(),
        "'" + protocol.nft() + "'");
  }

  private static Part port(PortRange range) {
    var key = ConnectionKey.SERVER_PORT;
    return range.first() == range.last()
        ? Part.match(key.text(), key.listed(), "" + range.first(), "" + range.first())
        : Part.match(
            key.text(),
            key.listed(),
            range.first() + "-" + range.last(),
            "{'range':[" + range.first() + "," + range.last() + "]}");
  }

  private Part peer(SetId set) {
    var address = ConnectionKey.peer(chain.id().direction(), chain.family());
    var port = ConnectionKey.SERVER_PORT;
    return switch (set.kind()) {
      case HOSTS, NETWORKS ->
          Part.match(address.text(), address.listed(), "@" + set, "'@" + set + "'");
      case HOST_PORTS ->
          Part.match(
              address.text() + " . meta l4proto . " + port.text(),
              "{'concat':["
                  + address.listed()
                  + ","
                  + ListingJson.PROTOCOL
                  + ","
                  + port.listed()
                  + "]}",
              "@" + set,
              "'@" + set + "'");
    };
  }

  private static Part verdict(Action action, String denied) {
    return switch (action) {
      case Action.Accept _ -> new Part("return", "{'return':null}");
      case Action.Deny _ -> goTo(denied);
      case Action.Continue(var next) -> goTo(name(next));
    };
  }

  private static Part goTo(String chain) {
    return new Part("goto " + chain, "{'goto':{'target':'" + chain + "'}}");
  }

  private static FixedRule rule(List<Part> parts) {
    return new FixedRule(
        parts.stream().map(Part::text).collect(Collectors.joining(" ")),
        parts.stream().map(Part::listed).collect(Collectors.joining(",", "[", "]")));
  }
}
