package io.portcullis.compiler.publish;

import io.portcullis.compiler.versions.Versioned;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The nodes and wide sets that may be other than their topics, in the order in which they came to
 * be so: one that changes all the time waits behind the others each time.
 */
final class WorkQueue {
  /** With each the position in the cluster topic from which changes may be the causes. */
  private final Map<Versioned, Long> units = new LinkedHashMap<>();

  /** One that waits already keeps its place and its position. */
  void add(Versioned unit, long causesFrom) {
    units.putIfAbsent(unit, causesFrom);
  }

  void remove(Versioned unit) {
    units.remove(unit);
  }

  void clear() {
    units.clear();
  }

  boolean contains(Versioned unit) {
    return units.containsKey(unit);
  }

  /** Those that have waited longest first. */
  List<Versioned> inOrder() {
    return List.copyOf(units.keySet());
  }

  long causesFrom(Versioned unit) {
    return units.get(unit);
  }

  /** All that came before is compiled for every one but the given ones; absent: all of it. */
  OptionalLong openFrom(java.util.Collection<Versioned> written) {
    return units.entrySet().stream()
        .filter(unit -> !written.contains(unit.getKey()))
        .mapToLong(Map.Entry::getValue)
        .min();
  }
}
