package io.portcullis.compiler.publish;

import io.portcullis.compiler.versions.Versioned;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The nodes and wide sets whose topics may be outdated, in the order in which they became so. One
 * that changes all the time waits behind the others each time.
 */
final class WorkQueue {
  /** The entries, with the position in the cluster topic from which changes may be causes. */
  private final Map<Versioned, Long> units = new LinkedHashMap<>();

  /** The entries that were added again since versions were last made: these lack a change. */
  private final Map<Versioned, Long> again = new HashMap<>();

  /** Adds an entry, unless it waits already. */
  void add(Versioned unit, long causesFrom) {
    if (units.putIfAbsent(unit, causesFrom) != null) {
      again.putIfAbsent(unit, causesFrom);
    }
  }

  /** Takes that versions are made of all changes that are known now. */
  void making() {
    again.clear();
  }

  /** Takes that the version that was made last is written. */
  void written(Versioned unit) {
    units.remove(unit);
    Optional.ofNullable(again.remove(unit)).ifPresent(causesFrom -> units.put(unit, causesFrom));
  }

  void remove(Versioned unit) {
    units.remove(unit);
    again.remove(unit);
  }

  void clear() {
    units.clear();
    again.clear();
  }

  int size() {
    return units.size();
  }

  boolean contains(Versioned unit) {
    return units.containsKey(unit);
  }

  /** Returns the entries; those that have waited longest come first. */
  List<Versioned> inOrder() {
    return List.copyOf(units.keySet());
  }

  long causesFrom(Versioned unit) {
    return units.get(unit);
  }

  /**
   * Returns the least position of the entries that are not in a list. All changes before it are
   * compiled. Absent: there is no other entry.
   */
  OptionalLong openFrom(Collection<Versioned> written) {
    return units.entrySet().stream()
        .filter(unit -> !written.contains(unit.getKey()))
        .mapToLong(Map.Entry::getValue)
        .min();
  }
}
