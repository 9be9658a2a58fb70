package io.portcullis.nft;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.portcullis.cluster.Direction;
import io.portcullis.net.Cidr;
import io.portcullis.net.Family;
import io.portcullis.net.IpRange;
import io.portcullis.ruleset.TrafficPath;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A rule of a chain that every table has.
 *
 * @param text the rule as it is written for nft
 * @param expressions the rule as nft lists it, in JSON with single quotes; parsed only to compare
 */
record FixedRule(String text, String expressions) {
  private static final Set<String> CIDR_CHAINS =
      Stream.of(Direction.values())
          .flatMap(
              direction ->
                  Stream.of(Family.values())
                      .map(family -> ObjectNames.cidrChain(direction, family)))
          .collect(Collectors.toUnmodifiableSet());

  private static final Map<Family, Cidr> GROUPS =
      Map.of(Family.V4, Cidr.parse("224.0.0.0/4"), Family.V6, Cidr.parse("ff00::/8"));

  /** The kernel never forwards what comes from there; of IPv4 it does. */
  private static final Cidr LINK_LOCAL = Cidr.parse("fe80::/10");

  /** Sends packets of connections where only a cut connection is denied (T2, C2). */
  static final FixedRule OF_CONNECTION =
      new FixedRule(
          "ct state established,related goto " + ObjectNames.CONNECTIONS,
          "[{'match':{'op':'in','left':{'ct':{'key':'state'}},'right':['established','related']}},"
              + "{'goto':{'target':'"
              + ObjectNames.CONNECTIONS
              + "'}}]");

  /** Accepts what no pod sends: such packets cost only this look-up (T14). */
  static final FixedRule NOT_FROM_A_POD =
      new FixedRule(
          "iifname != @" + ObjectNames.POD_LINKS + " accept",
          "[{'match':{'op':'!=','left':{'meta':{'key':'iifname'}},'right':'@"
              + ObjectNames.POD_LINKS
              + "'}},{'accept':null}]");

  /** Accepts duplicate address detection, which has no address yet (T14). */
  static final FixedRule WITHOUT_ADDRESS =
      new FixedRule(
          "ip6 saddr :: accept",
          "[{'match':{'op':'==','left':"
              + listed("ip6", "saddr")
              + ",'right':'::'}},{'accept':null}]");

  /** Drops what a pod sends from an address that is not routed to its link (T14). */
  static final FixedRule FOREIGN_ADDRESS =
      new FixedRule(
          "fib saddr . iif oif missing drop",
          "[{'match':{'op':'==','left':{'fib':{'result':'oif','flags':['saddr','iif']}},"
              + "'right':false}},{'drop':null}]");

  /** Returns the rule's expressions as nft lists them. */
  JsonNode listed() {
    return ListingJson.json(expressions);
  }

  /** Sends IPv4 to that chain. */
  static FixedRule ofV4(String chain) {
    return new FixedRule(
        "meta nfproto ipv4 goto " + chain,
        "[{'match':{'op':'==','left':{'meta':{'key':'nfproto'}},'right':'ipv4'}},{'goto':{'target':'"
            + chain
            + "'}}]");
  }

  static FixedRule goTo(String chain) {
    return new FixedRule("goto " + chain, "[{'goto':{'target':'" + chain + "'}}]");
  }

  static FixedRule jump(String chain) {
    return new FixedRule("jump " + chain, "[{'jump':{'target':'" + chain + "'}}]");
  }

  /** Accepts these messages; those that a router passed on have a lower hop limit. */
  static FixedRule icmpv6(int hopLimit, List<String> types) {
    return new FixedRule(
        "icmpv6 type { " + String.join(", ", types) + " } ip6 hoplimit " + hopLimit + " accept",
        "[{'match':{'op':'==','left':{'payload':{'protocol':'icmpv6','field':'type'}},"
            + "'right':{'set':"
            + types.stream()
                .map(type -> "'" + type + "'")
                .collect(Collectors.joining(",", "[", "]"))
            + "}}},{'match':{'op':'==','left':{'payload':{'protocol':'ip6','field':'hoplimit'}},"
            + "'right':"
            + hopLimit
            + "}},{'accept':null}]");
  }

  /** Leads on what a service sends back to the pod that it is from (A12). */
  static FixedRule self(Family family) {
    var ip = ip(family);
    var set = ObjectNames.self(family);
    return new FixedRule(
        "%1$s saddr . %1$s daddr @%2$s return".formatted(ip, set),
        "[{'match':{'op':'==','left':{'concat':[%s,%s]},'right':'@%s'}},{'return':null}]"
            .formatted(listed(ip, "saddr"), listed(ip, "daddr"), set));
  }

  /**
   * Looks up where the local address leads on that path: to its chain, or back where it has none.
   * An address without an entry belongs to no known pod.
   */
  static FixedRule lookUp(TrafficPath way, Family family) {
    var map = ObjectNames.verdicts(way, family);
    return new FixedRule(
        ip(family) + " " + field(way.direction()) + " vmap @" + map,
        "[{'vmap':{'key':"
            + listed(ip(family), field(way.direction()))
            + ",'data':'@"
            + map
            + "'}}]");
  }

  /** Lets pass what comes from or goes to a pod that the node itself knows (C1). */
  static FixedRule knownByNode(Direction direction, Family family) {
    var set = ObjectNames.known(family);
    return new FixedRule(
        "%s %s @%s return".formatted(ip(family), field(direction), set),
        "[{'match':{'op':'==','left':%s,'right':'@%s'}},{'return':null}]"
            .formatted(listed(ip(family), field(direction)), set));
  }

  /**
   * Sends packets of unknown addresses that come from or go to a guarded link to the guard (C1).
   */
  static FixedRule overGuardedLink(Direction direction, Family family) {
    var link =
        switch (direction) {
          case INGRESS -> "oifname";
          case EGRESS -> "iifname";
        };
    var next = ObjectNames.unknownChain(direction, family);
    return new FixedRule(
        "%s @%s goto %s".formatted(link, ObjectNames.GUARD_LINKS, next),
        "[{'match':{'op':'==','left':{'meta':{'key':'%s'}},'right':'@%s'}},{'goto':{'target':'%s'}}]"
            .formatted(link, ObjectNames.GUARD_LINKS, next));
  }

  /** Lets pass what no version ever knows: groups, and IPv6 between a pod and its node. */
  static Stream<FixedRule> ofNoPod(Direction direction, Family family) {
    return switch (direction) {
      case INGRESS -> Stream.of(returning(direction, GROUPS.get(family)));
      case EGRESS ->
          family == Family.V6 ? Stream.of(returning(direction, LINK_LOCAL)) : Stream.of();
    };
  }

  private static FixedRule returning(Direction direction, Cidr of) {
    var family = of.family();
    return new FixedRule(
        "%s %s %s return".formatted(ip(family), field(direction), of),
        "[{'match':{'op':'==','left':%s,'right':{'prefix':{'addr':'%s','len':%d}}}},{'return':null}]"
            .formatted(listed(ip(family), field(direction)), of.network(), of.length()));
  }

  /** Lets pass addresses in pod CIDRs where these are not this node's. */
  static FixedRule openCidrs() {
    return new FixedRule(
        "meta nfproto @" + ObjectNames.OPEN_CIDRS + " return",
        "[{'match':{'op':'==','left':{'meta':{'key':'nfproto'}},'right':'@"
            + ObjectNames.OPEN_CIDRS
            + "'}},{'return':null}]");
  }

  /** Sends packets of unknown addresses in a pod CIDR to the guard (C1). */
  static FixedRule unknown(TrafficPath way, IpRange podCidr) {
    var ip = ip(podCidr.family());
    var field = field(way.direction());
    var next = ObjectNames.cidrChain(way.direction(), podCidr.family());
    return new FixedRule(
        "%s %s %s goto %s".formatted(ip, field, NftSyntax.prefix(podCidr), next),
        "[{'match':{'op':'==','left':%s,'right':'%s'}},{'goto':{'target':'%s'}}]"
            .formatted(listed(ip, field), podCidr, next));
  }

  /** Returns the pod CIDR of such a rule as nft lists it, or nothing for any other rule. */
  static Optional<IpRange> podCidr(JsonNode listed) {
    if (!CIDR_CHAINS.contains(listed.path(1).path("goto").path("target").asText())) {
      return Optional.empty();
    }
    try {
      return Optional.of(ElementReader.range(listed.path(0).path("match").path("right")));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** Returns a rule's listed expressions, with its pod CIDR, if any, in one spelling. */
  static JsonNode normal(JsonNode listed) {
    return podCidr(listed)
        .<JsonNode>map(
            range -> {
              var copy = listed.deepCopy();
              ((ObjectNode) copy.path(0).path("match")).put("right", range.toString());
              return copy;
            })
        .orElse(listed);
  }

  private static String field(Direction direction) {
    return switch (direction) {
      case INGRESS -> "daddr";
      case EGRESS -> "saddr";
    };
  }

  private static String ip(Family family) {
    return switch (family) {
      case V4 -> "ip";
      case V6 -> "ip6";
    };
  }

  private static String listed(String protocol, String field) {
    return "{'payload':{'protocol':'" + protocol + "','field':'" + field + "'}}";
  }
}
