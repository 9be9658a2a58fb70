package io.portcullis.cli;

import io.portcullis.policy.reach.Party;
import io.portcullis.policy.reach.PortSet;
import io.portcullis.policy.reach.Row;
import java.util.List;
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
    return line(row.effect(), row.source().party(), row.destination().party(), row.ports());
  }

  /** Returns the line that expects exactly this. */
  static String line(Row.Effect effect, Party source, Party destination, PortSet ports) {
    return "%s %s -> %s on %s"
        .formatted(FlowTable.effect(effect), source.text(), destination.text(), ports);
  }

  /** Tells whether a row is about the ends and the effect that are expected. */
  boolean matches(Row row) {
    return isEffect(row.effect())
        && isSource(row.source().party())
        && isDestination(row.destination().party());
  }

  boolean isEffect(Row.Effect of) {
    return effect.equals(FlowTable.effect(of));
  }

  boolean isSource(Party party) {
    return source.matcher(party.text()).matches();
  }

  boolean isDestination(Party party) {
    return destination.matcher(party.text()).matches();
  }

  /** Returns what is said when these of the expected ports are missing. */
  String notDone(PortSet missing) {
    return "expected, but not done: "
        + line
        + (missing.equals(ports) ? "" : "; missing: " + missing);
  }

  /** Returns all ports of some expectations. */
  static PortSet ports(List<Expectation> expected) {
    return expected.stream().map(Expectation::ports).reduce(PortSet.NOTHING, PortSet::or);
  }
}
