package io.portcullis.cli;

import io.portcullis.manifest.ManifestFiles;
import io.portcullis.policy.reach.ChangeAnswer;
import io.portcullis.policy.reach.PortSet;
import io.portcullis.policy.reach.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a change is expected to open and to close. It compares ends, protocols and ports, and never
 * counts, so more pods of a workload make no difference.
 */
final class Expectations {
  private final List<Expectation> expected;

  private Expectations(List<Expectation> expected) {
    this.expected = expected;
  }

  /**
   * Reads a file with one expectation a line. Empty lines and those that begin with {@code #} say
   * nothing.
   *
   * @throws CommandException when it cannot be read, with the line
   */
  static Expectations read(Path file) throws CommandException {
    var expected = new ArrayList<Expectation>();
    try {
      var lines = Files.readAllLines(file);
      for (var i = 0; i < lines.size(); i++) {
        var line = lines.get(i).strip();
        if (!line.isEmpty() && !line.startsWith("#")) {
          expected.add(parse(file, i + 1, line));
        }
      }
    } catch (IOException e) {
      throw new CommandException("--expect " + file + ": " + ManifestFiles.reason(e), e);
    }
    return new Expectations(expected);
  }

  private static Expectation parse(Path file, int number, String line) throws CommandException {
    try {
      return Expectation.parse(line);
    } catch (IllegalArgumentException e) {
      throw new CommandException(
          "--expect %s: line %d: %s".formatted(file, number, e.getMessage()), e);
    }
  }

  /**
   * Returns one line for each thing that the change does and should not, or should and does not.
   */
  List<String> unmet(ChangeAnswer answer) {
    return switch (answer) {
      case ChangeAnswer.Pairs(var rows) -> unmet(rows);
      case ChangeAnswer.Groups(var groups) -> new GroupCheck(expected).unmet(groups);
    };
  }

  private List<String> unmet(List<Row> rows) {
    var unmet = new ArrayList<String>();
    for (var row : rows) {
      var allowed = expected.stream().filter(one -> one.matches(row));
      var more = row.ports().minus(Expectation.ports(allowed.toList()));
      if (!more.isEmpty()) {
        unmet.add("not expected: " + Expectation.line(withPorts(row, more)));
      }
    }
    for (var one : expected) {
      var done = rows.stream().filter(one::matches).map(Row::ports).toList();
      var missing = one.ports().minus(done.stream().reduce(PortSet.NOTHING, PortSet::or));
      if (!missing.isEmpty()) {
        unmet.add(one.notDone(missing));
      }
    }
    return unmet;
  }

  private static Row withPorts(Row row, PortSet ports) {
    return new Row(
        row.effect(),
        row.source(),
        row.destination(),
        row.families(),
        ports,
        row.now(),
        row.before());
  }
}
