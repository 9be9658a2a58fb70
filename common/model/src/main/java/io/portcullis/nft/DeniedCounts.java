package io.portcullis.nft;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.portcullis.cluster.Direction;
import io.portcullis.json.Json;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads how many packets the kernel denied to each local address. */
public final class DeniedCounts {
  private DeniedCounts() {}

  /**
   * Returns the command that lists the counts; its cost does not depend on the rest of the table.
   */
  public static String listing(Direction direction, Family family) {
    return "list set inet " + NftRenderer.TABLE + " " + ObjectNames.denied(direction, family);
  }

  /**
   * Reads what {@code nft -j} prints for that command; elements of others count nothing.
   *
   * @throws IllegalArgumentException when the text is no listing of nft
   */
  public static SortedMap<IpAddress, Counter> parse(String json) {
    var counts = new TreeMap<IpAddress, Counter>();
    try {
      for (var object : Json.mapper().readTree(json).path("nftables")) {
        for (var element : object.path("set").path("elem")) {
          var counted = element.path("elem");
          if (counted.path("counter").isObject()) {
            counts.put(
                ElementReader.address(counted.path("val")), Counter.read(counted.path("counter")));
          }
        }
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a listing of nft: " + e.getMessage(), e);
    }
    return counts;
  }
}
