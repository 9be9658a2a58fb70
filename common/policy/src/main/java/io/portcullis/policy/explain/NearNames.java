package io.portcullis.policy.explain;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Finds the names that somebody may have meant by a name that does not exist. */
public final class NearNames {
  private static final int MAX = 5;

  private NearNames() {}

  private record Near(String name, int distance) {}

  /** Returns the nearest names, such as {@code namespace/name}, nearest first. */
  public static List<String> of(String wanted, Collection<String> names) {
    var farthest = Math.max(2, wanted.length() / 4);
    return names.stream()
        .map(name -> new Near(name, distance(wanted, name)))
        .filter(near -> near.distance() <= farthest)
        .sorted(Comparator.comparing(Near::distance).thenComparing(Near::name))
        .limit(MAX)
        .map(Near::name)
        .toList();
  }

  /** Returns 1 for the same name in another namespace and for a pod of the named workload. */
  private static int distance(String wanted, String name) {
    var slash = wanted.indexOf('/');
    var same = slash >= 0 && name.endsWith(wanted.substring(slash));
    return same || name.startsWith(wanted + "-") ? 1 : edits(wanted, name);
  }

  /** Returns how many characters must be inserted, removed or replaced (Levenshtein). */
  private static int edits(String one, String other) {
    var before = new int[other.length() + 1];
    for (var j = 0; j < before.length; j++) {
      before[j] = j;
    }
    for (var i = 1; i <= one.length(); i++) {
      var row = new int[before.length];
      row[0] = i;
      for (var j = 1; j < row.length; j++) {
        var replaced = before[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(before[j], row[j - 1]) + 1);
      }
      before = row;
    }
    return before[other.length()];
  }
}
