package io.portcullis.nft;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.portcullis.cluster.Direction;
import io.portcullis.json.Json;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.nft.NftDump.Counter;
import java.util.SortedMap;
import java.util.TreeMap;

/** What was denied to local addresses, as the kernel counts it. */
public final class DeniedCounts {
  private DeniedCounts() {}

  /** The command that lists it, cheap however much else the table holds. */
  public static String listing(Direction direction, Family family) {
    return "list set inet " + NftRenderer.TABLE + " " + ObjectNames.denied(direction, family);
  }

  /**
   * Reads what {@code nft -j} prints for that command; what is none of ours counts nothing.
   *
   * @throws IllegalArgumentException when it is no listing
   */
  public static SortedMap<IpAddress, Counter> parse(String json) {
    var counts = new TreeMap<IpAddress, Counter>();
    try {
      for (var object : Json.mapper().readTree(json).path("nftables")) {
        for (var element : object.path("set").path("elem")) {
          var counted = element.path("elem");
          if (counted.path("counter").isObject()) {
            counts.put(
                Elements.address(counted.path("val")), RuleReader.counter(counted.path("counter")));
          }
        }
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a listing of nft: " + e.getMessage(), e);
    }
    return counts;
  }
}
