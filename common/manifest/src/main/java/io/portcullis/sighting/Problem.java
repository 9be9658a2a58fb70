package io.portcullis.sighting;

import java.util.Comparator;

/**
 * One thing to tell the author of an object.
 *
 * @param file that it stands in, relative to the manifests, or {@code api}
 * @param object {@code Kind/namespace/name}, or where in the file it stands when that is not known
 * @param field its path as the API server writes it: {@code spec.ingress[0].ports[1].endPort}
 * @param reason in the API server's words where it has any
 */
public record Problem(String file, String object, String field, String reason, Severity severity)
    implements Comparable<Problem> {
  private static final Comparator<Problem> ORDER =
      Comparator.comparing(Problem::file)
          .thenComparing(Problem::object)
          .thenComparing(Problem::severity)
          .thenComparing(Problem::field)
          .thenComparing(Problem::reason);

  /** One line: {@code file: Kind/namespace/name: field: reason}. */
  public String text() {
    return oneLine(file + ": " + object + ": " + field + ": " + reason);
  }

  /** The same problem with the file's name as another reader knows it. */
  public Problem inFile(String name) {
    return new Problem(name, object, field, reason, severity);
  }

  /** Names come from anyone: nothing in them may end the line or steer a terminal. */
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
