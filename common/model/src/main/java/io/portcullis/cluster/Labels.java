package io.portcullis.cluster;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The labels of an object, in order. They never change and keep their hash, because there are many
 * and they are looked up often.
 */
public final class Labels extends AbstractMap<String, String> {
  public static final Labels NONE = new Labels(new String[0], new String[0]);

  private final String[] keys;
  private final String[] values;
  private final int hash;

  private Labels(String[] keys, String[] values) {
    this.keys = keys;
    this.values = values;
    this.hash = super.hashCode();
  }

  public static Labels of(Map<String, String> labels) {
    if (labels instanceof Labels same) {
      return same;
    }
    if (labels == null || labels.isEmpty()) {
      return NONE;
    }
    var sorted = new TreeMap<>(labels);
    return new Labels(
        sorted.keySet().toArray(String[]::new), sorted.values().toArray(String[]::new));
  }

  /** Returns equal labels whose strings are shared with those of other labels. */
  public Labels interned() {
    return new Labels(interned(keys), interned(values));
  }

  private static String[] interned(String[] texts) {
    return Arrays.stream(texts).map(String::intern).toArray(String[]::new);
  }

  @Override
  public String get(Object key) {
    var at = key instanceof String text ? Arrays.binarySearch(keys, text) : -1;
    return at < 0 ? null : values[at];
  }

  @Override
  public boolean containsKey(Object key) {
    return get(key) != null;
  }

  @Override
  public int size() {
    return keys.length;
  }

  @Override
  public Set<Entry<String, String>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public Iterator<Entry<String, String>> iterator() {
        return IntStream.range(0, keys.length)
            .<Entry<String, String>>mapToObj(i -> Map.entry(keys[i], values[i]))
            .iterator();
      }

      @Override
      public int size() {
        return keys.length;
      }
    };
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof Labels that
            ? hash == that.hash
                && Arrays.equals(keys, that.keys)
                && Arrays.equals(values, that.values)
            : super.equals(other));
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
