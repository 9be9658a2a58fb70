package io.portcullis.sighting;

import java.util.Comparator;
import java.util.Optional;

/**
 * A problem of an object, for its author.
 *
 * @param file that holds the object, relative to the manifests, or {@code api}
 * @param object {@code Kind/namespace/name}, or its place in the file if that is not known
 * @param field its path as the API server writes it: {@code spec.ingress[0].ports[1].endPort}
 * @param reason in the API server's words if it has any
 * @param inForce what is enforced of the object instead, if it was refused and that is known
 */
public record Problem(
    String file,
    String object,
    String field,
    String reason,
    Severity severity,
    Optional<String> inForce)
    implements Comparable<Problem> {
  private static final Comparator<Problem> ORDER =
      Comparator.comparing(Problem::file)
          .thenComparing(Problem::object)
          .thenComparing(Problem::severity)
          .thenComparing(Problem::field)
          .thenComparing(Problem::reason)
          .thenComparing(problem -> problem.inForce().orElse(""));

  /** Makes a problem of which it is not known what is enforced instead. */
  public Problem(String file, String object, String field, String reason, Severity severity) {
    this(file, object, field, reason, severity, Optional.empty());
  }

  /** Returns one line: {@code file: Kind/namespace/name: field: reason; what is in force}. */
  public String text() {
    return oneLine(
        file
            + ": "
            + object
            + ": "
            + field
            + ": "
            + reason
            + inForce.map(words -> "; " + words).orElse(""));
  }

  /** Returns this problem with what is enforced of the object instead. */
  public Problem withInForce(String words) {
    return new Problem(file, object, field, reason, severity, Optional.of(words));
  }

  /** Returns this problem without what is enforced of the object instead. */
  public Problem withoutInForce() {
    return new Problem(file, object, field, reason, severity);
  }

  /** Returns a note of the same reason, and of what follows from it. */
  public Problem asNote(String consequence) {
    return new Problem(file, object, field, reason + consequence, Severity.NOTE);
  }

  /** Returns this problem with another name of the file. */
  public Problem inFile(String name) {
    return new Problem(name, object, field, reason, severity, inForce);
  }

  /** Escapes what could end the line or control a terminal, because names come from anyone. */
  public static String oneLine(String text) {
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
