package io.portcullis.ruleset;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.portcullis.cluster.Direction;

/** The name of a chain: its direction, then the hash of its rules. */
public record ChainId(Direction direction, String hash) implements Comparable<ChainId> {
  public ChainId {
    ContentHash.check(hash);
  }

  @JsonCreator
  public static ChainId parse(String text) {
    if (text.startsWith("in_")) {
      return new ChainId(Direction.INGRESS, text.substring(3));
    }
    if (text.startsWith("out_")) {
      return new ChainId(Direction.EGRESS, text.substring(4));
    }
    throw new IllegalArgumentException("not the id of a chain: " + text);
  }

  @Override
  public int compareTo(ChainId other) {
    return toString().compareTo(other.toString());
  }

  @Override
  @JsonValue
  public String toString() {
    return switch (direction) {
          case INGRESS -> "in_";
          case EGRESS -> "out_";
        }
        + hash;
  }
}
