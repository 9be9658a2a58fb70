package io.portcullis.nft;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * The bit of a connection's mark (conntrack) that says that the connection is cut (C2).
 *
 * @param bit one of the lower 31 bits: nft lists the highest as a prefix
 */
public record CutMark(int bit) {
  /** The bit that is used where no other is configured. */
  public static final CutMark DEFAULT = new CutMark(0x0400_0000);

  public CutMark {
    if (Integer.bitCount(bit) != 1 || bit < 0) {
      throw new IllegalArgumentException(
          "not one of the lower 31 bits: 0x%08x; give one as 0x04000000".formatted(bit));
    }
  }

  /**
   * Reads a number as {@code 0x04000000} or in decimal.
   *
   * @throws IllegalArgumentException when it is not a number with one bit set
   */
  public static CutMark parse(String text) {
    try {
      return new CutMark(Integer.decode(text.strip()));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "not one of the lower 31 bits: " + text + "; give one as 0x04000000", e);
    }
  }

  /** Returns the rules for packets of connections: accepted (T2), unless the connection is cut. */
  List<String> rules() {
    return List.of("ct mark & 0x%08x == 0 accept".formatted(bit), "drop");
  }

  /** Returns how nft lists the {@link #rules}. */
  List<JsonNode> listed() {
    return List.of(
        ListingJson.json(
            "[{'match':{'op':'==','left':{'&':[{'ct':{'key':'mark'}},%d]},'right':0}},{'accept':null}]"
                .formatted(bit)),
        ListingJson.json("[{'drop':null}]"));
  }

  /**
   * Reads the bit from rules as nft lists them.
   *
   * @throws IllegalArgumentException when they are the rules of no bit
   */
  static CutMark read(List<JsonNode> listed) {
    var found =
        listed.isEmpty()
            ? 0
            : listed.getFirst().path(0).path("match").path("left").path("&").path(1).asInt();
    var mark = new CutMark(found);
    if (!mark.listed().equals(listed)) {
      throw new IllegalArgumentException("not the rules for packets of connections");
    }
    return mark;
  }

  @Override
  public String toString() {
    return "0x%08x".formatted(bit);
  }
}
