package io.portcullis.validation;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that somebody may have meant by another one. */
final class Spelling {
  /** In names up to this length, only one character may be wrong. */
  private static final int SHORT = 7;

  private Spelling() {}

  /** Returns the name that is nearest, unless all are far or it is the name itself. */
  static Optional<String> meant(String written, Collection<String> names) {
    return names.stream()
        .filter(name -> !name.equals(written) && isNear(written, name))
        .min(
            Comparator.<String>comparingInt(name -> edits(written, name))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** Returns whether somebody may have meant one name by the other. */
  static boolean isNear(String written, String name) {
    var most = name.length() <= SHORT ? 1 : 2;
    return Math.abs(written.length() - name.length()) <= most && edits(written, name) <= most;
  }

  /**
   * Returns how many characters must be inserted, removed, replaced or exchanged with the next one,
   * whatever their case.
   */
  private static int edits(String written, String name) {
    var one = written.toLowerCase(Locale.ROOT);
    var other = name.toLowerCase(Locale.ROOT);
    var rows = new int[one.length() + 1][other.length() + 1];
    Arrays.setAll(rows[0], j -> j);
    for (var i = 1; i <= one.length(); i++) {
      rows[i][0] = i;
      for (var j = 1; j <= other.length(); j++) {
        var replaced = rows[i - 1][j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        rows[i][j] = Math.min(replaced, Math.min(rows[i - 1][j], rows[i][j - 1]) + 1);
        if (areExchanged(one, i, other, j)) {
          rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
        }
      }
    }
    return rows[one.length()][other.length()];
  }

  private static boolean areExchanged(String one, int i, String other, int j) {
    return i > 1
        && j > 1
        && one.charAt(i - 1) == other.charAt(j - 2)
        && one.charAt(i - 2) == other.charAt(j - 1);
  }
}
