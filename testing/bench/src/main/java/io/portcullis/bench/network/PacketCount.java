package io.portcullis.bench.network;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.portcullis.agent.kernel.Nft;
import io.portcullis.agent.kernel.NftException;
import io.portcullis.json.Json;

/**
 * What the router has counted so far.
 *
 * @param come how many packets arrived at it
 * @param passed how many of them no table dropped, each the first of a flow
 */
public record PacketCount(long come, long passed) {

  /**
   * Reads the counters.
   *
   * @param nft the nftables of the router
   */
  public static PacketCount read(Nft nft) throws NftException {
    return new PacketCount(counter(nft, "come"), counter(nft, "passed"));
  }

  private static long counter(Nft nft, String name) throws NftException {
    var listing = nft.list("list counter inet bench " + name, Nft.Format.JSON);
    try {
      for (var item : Json.mapper().readTree(listing).path("nftables")) {
        if (item.path("counter").has("packets")) {
          return item.path("counter").path("packets").asLong();
        }
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("nft's listing is not JSON: " + e.getMessage(), e);
    }
    throw new IllegalStateException("nft's listing has no counter: " + listing);
  }

  /** Returns what was counted since an earlier reading. */
  public PacketCount since(PacketCount other) {
    return new PacketCount(come - other.come, passed - other.passed);
  }

  public long lost() {
    return come - passed;
  }
}
