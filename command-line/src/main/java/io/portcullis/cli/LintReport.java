package io.portcullis.cli;

import io.portcullis.json.Json;
import io.portcullis.policy.lint.Level;
import io.portcullis.sighting.Problem;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the command {@code lint} prints.
 *
 * @param findings in the order of files and lines
 */
record LintReport(List<LintRow> findings) {

  /** The report as programs read it. */
  private record Counted(List<LintRow> findings, long errors, long warnings, long notes) {}

  String json() {
    var counted =
        new Counted(findings, count(Level.ERROR), count(Level.WARNING), count(Level.NOTE));
    return new String(Json.bytes(counted), StandardCharsets.UTF_8);
  }

  /**
   * Returns a line for each finding; why it matters and what to do stand at the first of a check.
   */
  String text() {
    var explained = new HashSet<String>();
    return Stream.concat(
            findings.stream().map(row -> line(row) + explanation(row, explained)),
            Stream.of(summary()))
        .collect(Collectors.joining("\n"));
  }

  private static String line(LintRow row) {
    return Problem.oneLine(
        "%s: %s: %s: %s: %s [%s]"
            .formatted(
                row.place(),
                name(row.level()),
                row.object(),
                row.field(),
                row.what(),
                row.check()));
  }

  private static String explanation(LintRow row, HashSet<String> explained) {
    return row.why().isEmpty() || !explained.add(row.check())
        ? ""
        : "\n    why: " + row.why() + "\n    do:  " + row.remedy();
  }

  private String summary() {
    return findings.isEmpty()
        ? "nothing found"
        : Stream.of(Level.values())
            .filter(level -> count(level) > 0)
            .map(level -> count(level) + " " + name(level) + (count(level) == 1 ? "" : "s"))
            .collect(Collectors.joining(", "));
  }

  private long count(Level level) {
    return findings.stream().filter(row -> row.level() == level).count();
  }

  static String name(Level level) {
    return level.name().toLowerCase(Locale.ROOT);
  }
}
