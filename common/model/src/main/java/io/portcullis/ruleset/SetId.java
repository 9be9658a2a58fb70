package io.portcullis.ruleset;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.portcullis.net.Family;

/** The name of a set: its kind, the hash of its definition, then its family. */
public record SetId(SetKind kind, String hash, Family family) implements Comparable<SetId> {
  public SetId {
    ContentHash.check(hash);
  }

  /** Returns the id of the set with this definition. */
  public static SetId of(SetKind kind, Family family, String definition) {
    return new SetId(kind, ContentHash.of(kind + "\n" + family + "\n" + definition), family);
  }

  @JsonCreator
  public static SetId parse(String text) {
    var parts = text.split("_", -1);
    if (parts.length == 3) {
      for (var kind : SetKind.values()) {
        for (var family : Family.values()) {
          if (kind.prefix().equals(parts[0]) && family.suffix().equals(parts[2])) {
            return new SetId(kind, parts[1], family);
          }
        }
      }
    }
    throw new IllegalArgumentException("not the id of a set: " + text);
  }

  @Override
  public int compareTo(SetId other) {
    return toString().compareTo(other.toString());
  }

  @Override
  @JsonValue
  public String toString() {
    return kind.prefix() + "_" + hash + "_" + family.suffix();
  }
}
