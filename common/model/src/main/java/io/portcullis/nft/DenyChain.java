package io.portcullis.nft;

import com.fasterxml.jackson.databind.JsonNode;
import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import java.util.ArrayList;
import java.util.List;

/**
 * The chain that everything denied leads to. It counts the packet for the local address, logs it
 * where the node takes samples, and drops it. The chain is the same in every version, so an
 * endpoint's count goes on when its chains change. Counting and dropping are two rules, so a packet
 * of an address that is not counted is dropped too.
 */
record DenyChain(Direction direction, Family family) {
  static final int LOG_GROUP = 20_480;
  static final int LONGEST_LOGGED = 128;

  private static final JsonNode DROP = ListingJson.json("[{'drop':null}]");

  static List<DenyChain> all() {
    var all = new ArrayList<DenyChain>();
    for (var direction : Direction.values()) {
      for (var family : Family.values()) {
        all.add(new DenyChain(direction, family));
      }
    }
    return all;
  }

  /** Returns the chain's name. */
  String chain() {
    return ObjectNames.denyChain(direction, family);
  }

  /** Returns the name of the set whose elements count. */
  String set() {
    return ObjectNames.denied(direction, family);
  }

  String setType() {
    return "type " + ObjectNames.address(family) + "; counter";
  }

  /** Returns the prefix of packets that the chain logs. */
  String logPrefix() {
    return "portcullis " + chain();
  }

  /** Returns the chain's rules in their order. */
  List<String> rules(int samplesPerSecond) {
    var rules = new ArrayList<String>();
    rules.add((family == Family.V4 ? "ip " : "ip6 ") + field() + " @" + set());
    if (samplesPerSecond > 0) {
      rules.add(log(samplesPerSecond));
    }
    rules.add("drop");
    return rules;
  }

  private String log(int samplesPerSecond) {
    return ("limit rate %d/second burst %d packets log prefix \"%s\" group %d snaplen %d"
        .formatted(samplesPerSecond, 2 * samplesPerSecond, logPrefix(), LOG_GROUP, LONGEST_LOGGED));
  }

  /** Returns a table that the kernel takes only where it can log packets. */
  String trial() {
    return "table inet portcullis_trial {\n  chain told {\n    " + log(1) + "\n  }\n}\n";
  }

  /** Returns whether its rules are listed as these expressions, with or without a log. */
  boolean isListedAs(List<JsonNode> expressions) {
    var own = expressions.stream().filter(rule -> !isLog(rule)).toList();
    return own.equals(List.of(lookUp(), DROP)) && expressions.size() <= own.size() + 1;
  }

  private static boolean isLog(JsonNode rule) {
    return rule.size() == 2 && rule.path(0).has("limit") && rule.path(1).has("log");
  }

  private JsonNode lookUp() {
    var address = ListingJson.payload(family == Family.V4 ? "ip" : "ip6", field());
    return ListingJson.json(
        "[{'match':{'op':'==','left':" + address + ",'right':'@" + set() + "'}}]");
  }

  private String field() {
    return switch (direction) {
      case INGRESS -> "daddr";
      case EGRESS -> "saddr";
    };
  }
}
