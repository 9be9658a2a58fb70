package io.portcullis.validation;

import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects all violations of one object, so that its author sees them together. */
final class Violations {
  private final List<Violation> all = new ArrayList<>();
  private long errors;

  private record Violation(String field, String reason, Severity severity) {}

  void error(String field, String reason) {
    all.add(new Violation(field, reason, Severity.ERROR));
    errors++;
  }

  void warning(String field, String reason) {
    all.add(new Violation(field, reason, Severity.WARNING));
  }

  /** Adds all violations of another collection. */
  void take(Violations other) {
    all.addAll(other.all);
    errors += other.errors;
  }

  /** Adds all violations of another collection as warnings. */
  void takeAsWarnings(Violations other) {
    other.all.forEach(violation -> warning(violation.field(), violation.reason()));
  }

  /** Removes the errors and keeps the warnings. */
  void dropErrors() {
    all.removeIf(violation -> violation.severity() == Severity.ERROR);
    errors = 0;
  }

  /** Returns the number of errors so far; a part that adds none is valid. */
  long errors() {
    return errors;
  }

  /** Returns a mark, to ask later which errors came after it. */
  int mark() {
    return all.size();
  }

  /**
   * Returns the first error after a mark.
   *
   * @param within the path of the field that the error's own field is named from
   */
  Optional<String> errorSince(int mark, String within) {
    return all.stream()
        .skip(mark)
        .filter(violation -> violation.severity() == Severity.ERROR)
        .map(violation -> relative(within, violation.field()) + violation.reason())
        .findFirst();
  }

  /** Returns the path of a field from another on with a colon; nothing for that field itself. */
  static String relative(String within, String field) {
    return field.startsWith(within + ".") ? field.substring(within.length() + 1) + ": " : "";
  }

  List<Problem> problems(String file, String object, Severity severity) {
    return all.stream()
        .filter(violation -> violation.severity() == severity)
        .map(v -> new Problem(file, object, v.field(), v.reason(), severity))
        .distinct()
        .toList();
  }
}
