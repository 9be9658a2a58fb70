package io.portcullis.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.portcullis.policy.lint.Finding;
import io.portcullis.policy.lint.Level;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Severity;
import java.util.Comparator;
import java.util.OptionalInt;

/**
 * A finding as it is printed.
 *
 * @param check what was looked for; {@code refused}, {@code no-effect} and {@code not-counted} are
 *     what the reading of manifests found
 * @param line of the file, from 1
 * @param object {@code Kind/namespace/name}, or its place in the file
 * @param why it matters; empty where what was found says so
 * @param remedy what to do; empty where what was found says so
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record LintRow(
    Level level,
    String check,
    String file,
    OptionalInt line,
    String object,
    String field,
    String what,
    String why,
    String remedy)
    implements Comparable<LintRow> {
  private static final Comparator<LintRow> ORDER =
      Comparator.comparing(LintRow::file)
          .thenComparing(row -> row.line().orElse(0))
          .thenComparing(LintRow::object)
          .thenComparing(LintRow::field)
          .thenComparing(LintRow::level)
          .thenComparing(LintRow::check)
          .thenComparing(LintRow::what);

  static LintRow of(Finding finding, Places places) {
    var check = finding.check();
    var object = finding.object().display();
    return new LintRow(
        check.level(),
        check.id(),
        finding.source(),
        places.line(finding.source(), object, finding.field()),
        object,
        finding.field(),
        finding.what(),
        check.why(),
        check.remedy());
  }

  static LintRow of(Problem problem, Places places) {
    return new LintRow(
        level(problem.severity()),
        check(problem.severity()),
        problem.file(),
        places.line(problem.file(), problem.object(), problem.field()),
        problem.object(),
        problem.field(),
        problem.reason() + problem.inForce().map(words -> "; " + words).orElse(""),
        "",
        "");
  }

  private static Level level(Severity severity) {
    return switch (severity) {
      case ERROR -> Level.ERROR;
      case WARNING -> Level.WARNING;
      case NOTE -> Level.NOTE;
    };
  }

  static String check(Severity severity) {
    return switch (severity) {
      case ERROR -> "refused";
      case WARNING -> "no-effect";
      case NOTE -> "not-counted";
    };
  }

  /** Returns what the check of a severity finds, in a sentence. */
  static String meaning(Severity severity) {
    return switch (severity) {
      case ERROR -> "The object, or a part of it, is refused.";
      case WARNING -> "The object is accepted, but a part of it has no effect.";
      case NOTE -> "The object does not matter to policy.";
    };
  }

  boolean isAtLeast(Level least) {
    return level.compareTo(least) <= 0;
  }

  /** Returns {@code file:line}, as editors and terminals open it. */
  String place() {
    return line.isPresent() ? file + ":" + line.getAsInt() : file;
  }

  @Override
  public int compareTo(LintRow other) {
    return ORDER.compare(this, other);
  }
}
