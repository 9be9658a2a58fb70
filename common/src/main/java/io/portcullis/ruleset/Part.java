package io.portcullis.ruleset;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Records that several rule sets have in common, such as a set with its members: their keys and
 * their digest are computed once for all of them.
 */
public final class Part {
  private final SortedMap<String, NodeRecord> records;
  private volatile Digest digest;

  private Part(SortedMap<String, NodeRecord> records) {
    this.records = records;
  }

  public static Part of(Collection<? extends NodeRecord> records) {
    var byKey = new TreeMap<String, NodeRecord>();
    records.forEach(item -> byKey.put(item.key(), item));
    return new Part(Collections.unmodifiableSortedMap(byKey));
  }

  /** By key, in order. */
  public SortedMap<String, NodeRecord> records() {
    return records;
  }

  /** The digest over its records alone. */
  Digest digest() {
    if (digest == null) {
      digest = Digest.of(records.values()); // computed twice at worst, to the same value
    }
    return digest;
  }
}
