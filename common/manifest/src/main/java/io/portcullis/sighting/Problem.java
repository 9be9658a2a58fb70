package io.portcullis.sighting;

import java.util.Comparator;

/**
 * A problem of an object, for its author.
 *
 * @param file that holds the object, relative to the manifests, or {@code api}
 * @param object {@code Kind/namespace/name}, or its place in the file if that is not known
 * @param field its path as the API server writes it: {@code spec.ingress[0].ports[1].endPort}
 * @param reason in the API server's words if it has any
 */
public record Problem(String file, String object, String field, String reason, Severity severity)
    implements Comparable<Problem> {
  private static final Comparator<Problem> ORDER =
      Comparator.comparing(Problem::file)
          .thenComparing(Problem::object)
          .thenComparing(Problem::severity)
          .thenComparing(Problem::field)
          .thenComparing(Problem::reason);

  /** Returns one line: {@code file: Kind/namespace/name: field: reason}. */
  public String text() {
    return oneLine(file + ": " + object + ": " + field + ": " + reason);
  }

  /** Returns this problem with another name of the file. */
  public Problem inFile(String name) {
    return new Problem(name, object, field, reason, severity);
  }

  /** Escapes what could end the line or control a terminal, because names come from anyone. */
  private static String oneLine(String text) {
    var out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (unprintable(c)) {
                out.append(String.format("\\u%04x", c));
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.toString();
  }

  private static boolean unprintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }

  @Override
  public int compareTo(Problem other) {
    return ORDER.compare(this, other);
  }
}
