package io.portcullis.cli;

import io.portcullis.policy.explain.RuleText;
import io.portcullis.policy.reach.ChangeAnswer;
import io.portcullis.policy.reach.ChangeQuery;
import io.portcullis.policy.reach.Row;
import io.portcullis.policy.reach.Snapshot;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How commands print what a change opens and closes. */
final class ChangeOptions {
  @Mixin private LevelOption by;

  @Option(
      names = "--output",
      paramLabel = "table|json|dot|csv|expect",
      defaultValue = "table",
      description =
          "dot is for Graphviz, expect is what preview --expect reads. By default a table.")
  private ChangeOutput output;

  /** The forms in which changes are printed. */
  private enum ChangeOutput {
    TABLE,
    JSON,
    DOT,
    CSV,
    EXPECT
  }

  /**
   * Returns the flows that are opened and closed.
   *
   * @param remarks where it is said what is not compared
   * @throws CommandException when there are too many to list
   */
  ChangeAnswer answer(Snapshot before, Snapshot now, PrintWriter remarks) throws CommandException {
    var moved = ChangeQuery.movedNodes(before, now);
    if (!moved.isEmpty()) {
      remarks.println(
          "not compared, as their addresses are not the same in both: nodes "
              + RuleText.listed(moved, Function.identity(), ", "));
    }
    try {
      return new ChangeQuery(by.level()).answer(before, now);
    } catch (IllegalArgumentException e) {
      throw new CommandException(e.getMessage(), e);
    }
  }

  /**
   * Prints the flows.
   *
   * @throws CommandException when there are too many for the form
   */
  void print(ChangeAnswer answer, PrintWriter out) throws CommandException {
    switch (answer) {
      case ChangeAnswer.Pairs(var rows) -> print(rows, out);
      case ChangeAnswer.Groups(var groups) -> {
        switch (output) {
          case TABLE -> GroupOutput.table(groups).forEach(out::println);
          case JSON -> GroupOutput.json(groups, out);
          case DOT, CSV, EXPECT ->
              throw new CommandException(
                  "--output: there are too many flows to list them pair by pair; table and json"
                      + " tell them in groups");
        }
      }
    }
  }

  private void print(List<Row> rows, PrintWriter out) {
    var lines =
        switch (output) {
          case TABLE -> FlowOutput.TABLE.lines(rows);
          case JSON -> FlowOutput.JSON.lines(rows);
          case DOT -> FlowOutput.DOT.lines(rows);
          case CSV -> FlowOutput.CSV.lines(rows);
          case EXPECT -> rows.stream().map(Expectation::line).distinct().toList();
        };
    lines.forEach(out::println);
    if (output == ChangeOutput.TABLE) {
      out.println(summary(rows));
    }
  }

  private static String summary(List<Row> rows) {
    if (rows.isEmpty()) {
      return "no flow is opened or closed";
    }
    return "%d opened, %d closed"
        .formatted(
            rows.stream().filter(row -> row.effect() == Row.Effect.OPENED).count(),
            rows.stream().filter(row -> row.effect() == Row.Effect.CLOSED).count());
  }
}
