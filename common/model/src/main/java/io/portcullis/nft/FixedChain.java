package io.portcullis.nft;

import com.fasterxml.jackson.databind.JsonNode;
import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import io.portcullis.net.IpRange;
import io.portcullis.ruleset.TrafficPath;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A chain that every table has. Only the node's pod CIDRs differ from version to version. It knows
 * how it is written for nft and how nft lists it.
 *
 * @param hook the hook of a base chain; absent for every other chain
 */
record FixedChain(String name, Optional<Hook> hook, List<FixedRule> rules) {
  private static final int NOT_ROUTED = 255;

  /** Bridged pods have no IPv6 without these messages. */
  private static final FixedRule NEIGHBOURS =
      FixedRule.icmpv6(NOT_ROUTED, List.of("nd-neighbor-solicit", "nd-neighbor-advert"));

  /** A pod and its node have no IPv6 between them without these messages (T5). */
  private static final List<FixedRule> NEIGHBOURS_AND_GROUPS =
      List.of(
          FixedRule.icmpv6(
              NOT_ROUTED,
              List.of(
                  "nd-router-solicit",
                  "nd-router-advert",
                  "nd-neighbor-solicit",
                  "nd-neighbor-advert")),
          FixedRule.icmpv6(
              1,
              List.of(
                  "mld-listener-query",
                  "mld-listener-report",
                  "mld-listener-done",
                  "mld2-listener-report")));

  /** The hook and priority of a base chain. */
  enum Hook {
    RAW("raw", -300),
    FILTER("filter", 0);

    private final String text;
    private final int listed;

    Hook(String text, int listed) {
      this.text = text;
      this.listed = listed;
    }

    String text(String chain) {
      return "type filter hook " + chain + " priority " + text + "; policy accept;";
    }

    /** Returns how nft lists {@link #text}. */
    JsonNode listed(String chain) {
      return ListingJson.json(
          "{'type':'filter','hook':'%s','prio':%d,'policy':'accept'}".formatted(chain, listed));
    }
  }

  FixedChain {
    rules = List.copyOf(rules);
  }

  /** Returns all of these chains. */
  static List<FixedChain> all(Collection<IpRange> podCidrs) {
    return Stream.concat(isolation().stream(), way(podCidrs).stream()).toList();
  }

  /**
   * Returns the chains that the ends of pods' chains lead to where NetworkPolicies isolate. Only
   * there a pod may reach itself: what it sends to its own address never leaves its network
   * namespace, so a packet that the node sees came back from a service (T4, A12).
   */
  static List<FixedChain> isolation() {
    var all = new ArrayList<FixedChain>();
    for (var direction : Direction.values()) {
      for (var family : Family.values()) {
        all.add(
            of(
                ObjectNames.isolationChain(direction, family),
                Stream.of(
                    FixedRule.self(family),
                    FixedRule.goTo(ObjectNames.denyChain(direction, family)))));
      }
    }
    return all;
  }

  /** Returns the chains of packets' way to pods' chains, each after those that it leads to. */
  static List<FixedChain> way(Collection<IpRange> podCidrs) {
    var all = new ArrayList<FixedChain>();
    for (var family : Family.values()) {
      for (var direction : Direction.values()) {
        all.add(unknown(direction, family));
        all.add(inCidr(direction, family));
      }
      all.add(source(family, podCidrs));
      all.add(forward(family, podCidrs));
      all.add(input(family, podCidrs));
    }
    all.add(prerouting());
    all.addAll(bases());
    return all;
  }

  /** Returns the base chains of the hooks where policies are asked, as they are at rest. */
  static List<FixedChain> bases() {
    return List.of(
        byFamily("forward", FixedRule.OF_CONNECTION), byFamily("input", FixedRule.OF_CONNECTION));
  }

  /** Returns the name of the chain that decides egress; its later rules name the pod CIDRs. */
  static String source(Family family) {
    return "source_" + family.suffix();
  }

  /** Makes the chain for addresses that no version knows; the node may know them itself (C1). */
  private static FixedChain unknown(Direction direction, Family family) {
    return of(
        ObjectNames.unknownChain(direction, family),
        Stream.concat(
            FixedRule.ofNoPod(direction, family),
            Stream.of(FixedRule.knownByNode(direction, family), FixedRule.goTo(GuardChain.NAME))));
  }

  /** Makes the chain for unknown addresses in a pod CIDR, which may be no pod CIDR here (C1). */
  private static FixedChain inCidr(Direction direction, Family family) {
    return of(
        ObjectNames.cidrChain(direction, family),
        Stream.of(
            FixedRule.openCidrs(), FixedRule.goTo(ObjectNames.unknownChain(direction, family))));
  }

  /** Makes the chain that decides whether a forwarded packet may leave its source. */
  private static FixedChain source(Family family, Collection<IpRange> podCidrs) {
    return of(source(family), asked(TrafficPath.EGRESS, family, podCidrs));
  }

  /**
   * Makes the chain for packets that pass through the node: between pods, and between pods and the
   * outside. Egress decides first (T1).
   */
  private static FixedChain forward(Family family, Collection<IpRange> podCidrs) {
    var first = Stream.of(FixedRule.jump(source(family)));
    return of(
        ofFamily("forward", family),
        Stream.concat(
            family == Family.V6 ? Stream.concat(discovery("forward").stream(), first) : first,
            asked(TrafficPath.INGRESS, family, podCidrs)));
  }

  /** Returns the rules of that hook for messages without which there is no IPv6. */
  static List<FixedRule> discovery(String hook) {
    return hook.equals("input") ? NEIGHBOURS_AND_GROUPS : List.of(NEIGHBOURS);
  }

  /** Makes the chain for packets to the node itself. */
  private static FixedChain input(Family family, Collection<IpRange> podCidrs) {
    return of(
        ofFamily("input", family),
        Stream.concat(
            family == Family.V6 ? discovery("input").stream() : Stream.of(),
            asked(TrafficPath.TO_OWN_NODE, family, podCidrs)));
  }

  private static Stream<FixedRule> asked(
      TrafficPath way, Family family, Collection<IpRange> podCidrs) {
    return Stream.concat(
        Stream.of(
            FixedRule.lookUp(way, family), FixedRule.overGuardedLink(way.direction(), family)),
        podCidrs.stream()
            .filter(range -> range.family() == family)
            .sorted()
            .map(range -> FixedRule.unknown(way, range)));
  }

  private static String ofFamily(String chain, Family family) {
    return chain + "_" + family.suffix();
  }

  private static FixedChain of(String name, Stream<FixedRule> rules) {
    return new FixedChain(name, Optional.empty(), rules.toList());
  }

  /**
   * Makes the base chain that sees every packet before conntrack: what a pod sends from an address
   * that is not its own never belongs to a connection, not even to a live one (T14).
   */
  private static FixedChain prerouting() {
    return new FixedChain(
        "prerouting",
        Optional.of(Hook.RAW),
        List.of(FixedRule.NOT_FROM_A_POD, FixedRule.WITHOUT_ADDRESS, FixedRule.FOREIGN_ADDRESS));
  }

  /**
   * Makes the base chain of a hook.
   *
   * @param ofConnection sends packets of live connections where these are decided
   */
  static FixedChain byFamily(String hook, FixedRule ofConnection) {
    return new FixedChain(
        hook,
        Optional.of(Hook.FILTER),
        List.of(
            ofConnection,
            FixedRule.ofV4(ofFamily(hook, Family.V4)),
            FixedRule.goTo(ofFamily(hook, Family.V6))));
  }
}
