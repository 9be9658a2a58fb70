package io.portcullis.nft;

import com.fasterxml.jackson.databind.JsonNode;
import io.portcullis.net.Family;
import io.portcullis.ruleset.Way;
import java.util.List;
import java.util.stream.Collectors;

/** A rule of a base chain as it is written and as its expressions are listed. */
record BaseRule(String text, JsonNode listed) {
  private static final String OF_A_CONNECTION =
      "{'match':{'op':'in','left':{'ct':{'key':'state'}},'right':['established','related']}}";

  /** T2, but for what {@link #CUT} drops. */
  static final BaseRule ESTABLISHED =
      new BaseRule(
          "ct state established,related ct mark & 0x%08x == 0 accept".formatted(CutMark.BIT),
          "[%s,{'match':{'op':'==','left':{'&':[{'ct':{'key':'mark'}},%d]},'right':0}},{'accept':null}]"
              .formatted(OF_A_CONNECTION, CutMark.BIT));

  /**
   * C2: what {@link #ESTABLISHED} has left. A packet that is not of a connection yet, as of a
   * client that never got an answer, is judged by the rules in any case.
   */
  static final BaseRule CUT =
      new BaseRule("ct state established,related drop", "[" + OF_A_CONNECTION + ",{'drop':null}]");

  /** What no pod sends needs only this look-up (T14). */
  static final BaseRule NOT_FROM_A_POD =
      new BaseRule(
          "iifname != @" + Names.POD_LINKS + " accept",
          "[{'match':{'op':'!=','left':{'meta':{'key':'iifname'}},'right':'@"
              + Names.POD_LINKS
              + "'}},{'accept':null}]");

  /** Duplicate address detection has no address yet (T14). */
  static final BaseRule WITHOUT_ADDRESS =
      new BaseRule(
          "ip6 saddr :: accept",
          "[{'match':{'op':'==','left':"
              + listed("ip6", "saddr")
              + ",'right':'::'}},{'accept':null}]");

  /** A pod speaks with addresses that are routed to its link only (T14). */
  static final BaseRule FOREIGN_ADDRESS =
      new BaseRule(
          "fib saddr . iif oif missing drop",
          "[{'match':{'op':'==','left':{'fib':{'result':'oif','flags':['saddr','iif']}},"
              + "'right':false}},{'drop':null}]");

  private BaseRule(String text, String listed) {
    this(text, Listed.json(listed));
  }

  /** Accepts these messages, unless a router has passed them on: then their hop limit is less. */
  static BaseRule icmpv6(int hopLimit, List<String> types) {
    return new BaseRule(
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

  /** A pod reaches itself (T4). */
  static BaseRule self(Family family) {
    var ip = ip(family);
    var set = Names.self(family);
    return new BaseRule(
        "%1$s saddr . %1$s daddr @%2$s accept".formatted(ip, set),
        "[{'match':{'op':'==','left':{'concat':[%s,%s]},'right':'@%s'}},{'accept':null}]"
            .formatted(listed(ip, "saddr"), listed(ip, "daddr"), set));
  }

  /** C1: what comes from an address of the node's pods that is none of a known pod. */
  static BaseRule unknownSource(Family family) {
    return unknown(ip(family), "saddr", family);
  }

  /** C1: what goes there. */
  static BaseRule unknownDestination(Family family) {
    return unknown(ip(family), "daddr", family);
  }

  /** A known pod's packets end at the first look-up, which is of a hash. */
  private static BaseRule unknown(String ip, String field, Family family) {
    var self = Names.self(family);
    var cidrs = Names.podCidrs(family);
    return new BaseRule(
        "%1$s %2$s . %1$s %2$s != @%3$s %1$s %2$s @%4$s jump %5$s"
            .formatted(ip, field, self, cidrs, GuardChain.NAME),
        "[{'match':{'op':'!=','left':{'concat':[%1$s,%1$s]},'right':'@%2$s'}},"
            .concat("{'match':{'op':'==','left':%1$s,'right':'@%3$s'}},")
            .concat("{'jump':{'target':'%4$s'}}]")
            .formatted(listed(ip, field), self, cidrs, GuardChain.NAME));
  }

  /** Goes to the chain of the endpoint, if it has one for that way. */
  static BaseRule lookUp(Way way, Family family) {
    var ip = ip(family);
    var field =
        switch (way.direction()) {
          case INGRESS -> "daddr";
          case EGRESS -> "saddr";
        };
    var map = Names.verdicts(way, family);
    return new BaseRule(
        ip + " " + field + " vmap @" + map,
        "[{'vmap':{'key':" + listed(ip, field) + ",'data':'@" + map + "'}}]");
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
