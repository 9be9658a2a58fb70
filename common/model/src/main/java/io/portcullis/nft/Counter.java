package io.portcullis.nft;

import com.fasterxml.jackson.databind.JsonNode;

/** The packets and bytes that a rule or an element has counted. */
public record Counter(long packets, long bytes) {
  public static final Counter ZERO = new Counter(0, 0);

  /** Returns the sum of both counters. */
  public Counter plus(Counter other) {
    return new Counter(packets + other.packets, bytes + other.bytes);
  }

  /** Reads a counter as nft lists it. */
  static Counter read(JsonNode listed) {
    return new Counter(listed.path("packets").asLong(), listed.path("bytes").asLong());
  }
}
