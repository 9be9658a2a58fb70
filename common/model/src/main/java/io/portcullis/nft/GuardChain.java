package io.portcullis.nft;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.portcullis.json.Json;
import io.portcullis.net.Family;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The guard of new pods: the chain for packets from and to unknown addresses of the node's pod
 * CIDRs (C1). It drops them while one of its two sets has an element. The agent renews the sets in
 * turns, so that a look-up which meets the renewal of one finds the other.
 */
public final class GuardChain {
  static final String NAME = "guarded";
  static final int TURNS = 2;
  static final JsonNode SET_TYPE = JsonNodeFactory.instance.textNode("nf_proto");
  static final String SET_TEXT = "type nf_proto; flags timeout";
  private static final List<String> FAMILIES =
      Stream.of(Family.values()).map(GuardChain::family).toList();

  private GuardChain() {}

  /** Returns nft's name of a family. */
  static String family(Family family) {
    return switch (family) {
      case V4 -> "ipv4";
      case V6 -> "ipv6";
    };
  }

  /** Returns the name of the set of that turn. */
  static String set(int turn) {
    return "guard_" + turn;
  }

  static List<String> sets() {
    return IntStream.range(0, TURNS).mapToObj(GuardChain::set).toList();
  }

  /** Returns the rules; the node's own address in its pod CIDR, a bridge's, is not guarded. */
  static List<String> rules() {
    return Stream.concat(
            Stream.of("fib saddr type local return"),
            sets().stream().map(set -> "meta nfproto @" + set + " counter drop"))
        .toList();
  }

  /** Returns how nft lists the {@link #rules}, with counters at zero. */
  static List<JsonNode> listed() {
    return Stream.concat(
            Stream.of(
                "[{'match':{'op':'==','left':{'fib':{'result':'type','flags':['saddr']}},"
                    + "'right':'local'}},{'return':null}]"),
            sets().stream()
                .map(
                    set ->
                        "[{'match':{'op':'==','left':{'meta':{'key':'nfproto'}},'right':'@%s'}},"
                            .concat("{'counter':{'packets':0,'bytes':0}},{'drop':null}]")
                            .formatted(set)))
        .map(ListingJson::json)
        .toList();
  }

  /** Returns the expressions of a rule with its counters at zero. */
  static JsonNode uncounted(JsonNode expressions) {
    var copy = expressions.deepCopy();
    for (var counter : copy.findValues("counter")) {
      if (counter instanceof ObjectNode counts) {
        counts.put("packets", 0).put("bytes", 0);
      }
    }
    return copy;
  }

  /** Returns what names the chain of that table in a command of nft. */
  public static String inTable(String table) {
    return "chain inet " + table + " " + NAME;
  }

  /**
   * Returns how many packets the guard has dropped since the table was made.
   *
   * @param listing of the chain or the table, in JSON
   */
  public static long dropped(String listing) {
    var packets = 0L;
    var objects = Json.read(listing.getBytes(StandardCharsets.UTF_8), JsonNode.class);
    for (var object : objects.path("nftables")) {
      if (object.path("rule").path("chain").asText().equals(NAME)) {
        for (var counter : object.path("rule").path("expr").findValues("counter")) {
          packets += counter.path("packets").asLong();
        }
      }
    }
    return packets;
  }

  /** Returns the elements of a set for that lease, as nft takes them. */
  static Stream<String> elements(GuardLease lease) {
    return switch (lease) {
      case GuardLease.None _ -> Stream.of();
      case GuardLease.Ever _ -> FAMILIES.stream();
      case GuardLease.For(var left) ->
          FAMILIES.stream()
              .map(family -> family + " timeout " + Math.max(1, left.toMillis()) + "ms");
    };
  }

  /**
   * Reads the lease that a set still holds.
   *
   * @throws IllegalArgumentException for an element that no lease has
   */
  static GuardLease lease(JsonNode elements) {
    var leases = new ArrayList<GuardLease>(List.of(GuardLease.NONE));
    for (var element : elements) {
      var timed = element.path("elem");
      var family = element.isTextual() ? element.asText() : timed.path("val").asText();
      if (!FAMILIES.contains(family)) {
        throw new IllegalArgumentException("no element of the guard: " + element);
      }
      leases.add(
          timed.has("expires")
              ? new GuardLease.For(
                  Duration.ofSeconds(timed.path("expires").asLong())
                      .plusMillis(1)) // cut to seconds
              : GuardLease.EVER);
    }
    return leases.stream().reduce(GuardLease.NONE, GuardLease::orLonger);
  }
}
