package io.portcullis.cli;

import io.portcullis.policy.reach.PortSet;
import io.portcullis.policy.reach.Row;
import java.util.regex.Pattern;

/**
 * A line of a file that says what a change is expected to do: {@code opened shop/web -> shop/db on
 * tcp/5432}. In names {@code *} stands for any text.
 *
 * @param line the text
 */
record Expectation(String line, String effect, Pattern source, Pattern destination, PortSet ports) {
  private static final Pattern LINE =
      Pattern.compile("(opened|closed)\\s+(\\S.*?)\\s+->\\s+(\\S.*?)\\s+on\\s+(\\S.*)");

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException when it is none
   */
  static Expectation parse(String line) {
    var parts = LINE.matcher(line);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "not of the form 'opened|closed SOURCE -> DESTINATION on PORTS': " + line);
    }
    return new Expectation(
        line,
        parts.group(1),
        Asked.pattern(parts.group(2)),
        Asked.pattern(parts.group(3)),
        AskedPorts.parseList(parts.group(4)));
  }

  /** Returns the line that expects exactly this row. */
  static String line(Row row) {
    return "%s %s -> %s on %s"
        .formatted(
            FlowTable.effect(row),
            row.source().party().text(),
            row.destination().party().text(),
            row.ports());
  }

  /** Tells whether a row is about the ends and the effect that are expected. */
  boolean matches(Row row) {
    return effect.equals(FlowTable.effect(row))
        && source.matcher(row.source().party().text()).matches()
        && destination.matcher(row.destination().party().text()).matches();
  }
}
