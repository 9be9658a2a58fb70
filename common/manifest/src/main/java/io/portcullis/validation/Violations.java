package io.portcullis.validation;

import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Severity;
import java.util.ArrayList;
import java.util.List;

/** Collects all that is wrong with one object, so that its author sees it at once. */
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

  /** Takes over what another collected, with its errors as they are. */
  void take(Violations other) {
    all.addAll(other.all);
    errors += other.errors;
  }

  /** Takes over what another collected, its errors as warnings. */
  void takeAsWarnings(Violations other) {
    other.all.forEach(violation -> warning(violation.field(), violation.reason()));
  }

  /** Forgets the errors, keeps the warnings. */
  void dropErrors() {
    all.removeIf(violation -> violation.severity() == Severity.ERROR);
    errors = 0;
  }

  /** How many errors there are so far: a part that adds none is valid. */
  long errors() {
    return errors;
  }

  List<Problem> problems(String file, String object, Severity severity) {
    return all.stream()
        .filter(violation -> violation.severity() == severity)
        .map(v -> new Problem(file, object, v.field(), v.reason(), severity))
        .distinct()
        .toList();
  }
}
