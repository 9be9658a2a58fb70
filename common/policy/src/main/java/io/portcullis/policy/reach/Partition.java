package io.portcullis.policy.reach;

import java.util.HashMap;
import java.util.Map;

/** Items in parts. Two items stay in one part until a split tells them apart. */
final class Partition {
  private final int[] parts;
  private int last;

  Partition(int items) {
    this.parts = new int[items];
  }

  /** Separates these items from all others. Each must be named once. */
  void split(Iterable<Integer> items) {
    Map<Integer, Integer> inside = new HashMap<>();
    for (var item : items) {
      parts[item] = inside.computeIfAbsent(parts[item], _ -> ++last);
    }
  }

  /** Puts an item into the part of that number, before any split. */
  void begin(int item, int part) {
    parts[item] = part;
    last = Math.max(last, part);
  }

  /** Returns a number that is greater than those of all parts. */
  int bound() {
    return last + 1;
  }

  int part(int item) {
    return parts[item];
  }

  int size() {
    return parts.length;
  }
}
