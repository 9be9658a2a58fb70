package io.portcullis.nft;

import io.portcullis.cluster.Direction;
import io.portcullis.net.Cidr;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.net.IpRange;
import io.portcullis.net.PortRange;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.Element;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.Ports;
import io.portcullis.ruleset.Rule;
import io.portcullis.ruleset.SetId;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes sets, elements and rules in the syntax of nft. */
final class NftSyntax {
  private NftSyntax() {}

  static String type(SetId id) {
    return switch (id.kind()) {
      case HOSTS -> "type " + ObjectNames.address(id.family());
      case NETWORKS -> "type " + ObjectNames.address(id.family()) + "; flags interval";
      case HOST_PORTS ->
          "type " + ObjectNames.address(id.family()) + " . inet_proto . inet_service";
    };
  }

  static String element(Element element) {
    return switch (element) {
      case Element.Host(var ip) -> ip.toString();
      case Element.Network(var range) -> range(range);
      case Element.HostPort(var ip, var protocol, var port) ->
          ip + " . " + protocol.nft() + " . " + port;
    };
  }

  static String range(IpRange range) {
    return range.first().equals(range.last()) ? range.first().toString() : range.toString();
  }

  /** Writes a range as a prefix where it is one: nft compares a prefix in one step. */
  static String prefix(IpRange range) {
    return Cidr.of(range).map(Cidr::toString).orElseGet(() -> range(range));
  }

  /** Writes an element of a map of verdicts. */
  static String verdictEntry(IpAddress ip, Target target) {
    return ip + " : " + target.verdict();
  }

  /** Writes an element of the sets of addresses that reach themselves (A12). */
  static String pair(IpAddress ip) {
    return ip + " . " + ip;
  }

  /** Writes the only rule of the stamp's chain. */
  static String stamp(Stamp stamp) {
    return "return comment \"" + stamp + "\"";
  }

  static String rule(Rule rule, Chain chain) {
    return match(rule, chain)
        + verdict(
            rule.action(), ObjectNames.denyChain(chain.id().direction(), chain.family())); // A12
  }

  static String end(Chain chain) {
    return verdict(
        chain.end(), ObjectNames.isolationChain(chain.id().direction(), chain.family())); // T4
  }

  /**
   * @param denied the chain that denied packets go to
   */
  private static String verdict(Action action, String denied) {
    return "counter "
        + switch (action) {
          case Action.Accept _ -> "return";
          case Action.Deny _ -> "goto " + denied;
          case Action.Continue(var next) -> "goto " + next;
        };
  }

  private static String match(Rule rule, Chain chain) {
    var ports = ports(rule.ports()).map(text -> text + " ").orElse("");
    if (rule.peers().isEmpty()) {
      return ports;
    }
    var set = rule.peers().get();
    var ip = chain.family() == Family.V4 ? "ip " : "ip6 ";
    var address = ip + (chain.id().direction() == Direction.INGRESS ? "saddr " : "daddr ");
    return switch (set.kind()) {
      // a port is compared sooner than a set is searched
      case HOSTS, NETWORKS -> ports + address + "@" + set + " ";
      case HOST_PORTS -> address + ". meta l4proto . th dport @" + set + " " + ports;
    };
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
    var numbers = ranges.stream().map(NftSyntax::numbers).toList();
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
}
