package io.portcullis.validation;

import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects all violations of one object, so that its author sees them together. */
final class Violations {
  private final UnknownFields unknownFields;
  private final List<Violation> all = new ArrayList<>();
  private long errors;
  private long unknown;
  private long repeated;

  private record Violation(String field, String reason, Severity severity, Cause cause) {
    Violation asWarning() {
      return switch (cause) {
        case VALUE, REPEATED_KEY -> new Violation(field, reason, Severity.WARNING, cause);
        case UNKNOWN_FIELD -> this;
      };
    }
  }

  private enum Cause {
    VALUE,
    REPEATED_KEY,
    UNKNOWN_FIELD
  }

  Violations(UnknownFields unknownFields) {
    this.unknownFields = unknownFields;
  }

  /** Returns an empty collection in which unknown fields are what they are in this one. */
  Violations another() {
    return new Violations(unknownFields);
  }

  void error(String field, String reason) {
    add(new Violation(field, reason, Severity.ERROR, Cause.VALUE));
  }

  /** Adds a key that is there twice, so that nobody can tell which value counts. */
  void repeatedKey(String field) {
    add(new Violation(field, RepeatedKey.REASON, Severity.ERROR, Cause.REPEATED_KEY));
  }

  void warning(String field, String reason) {
    add(new Violation(field, reason, Severity.WARNING, Cause.VALUE));
  }

  /**
   * Adds a field that the API does not have.
   *
   * @param hint what its author may have meant, or nothing
   */
  void unknownField(String field, String hint) {
    add(
        switch (unknownFields) {
          case REFUSED ->
              new Violation(field, "unknown field" + hint, Severity.ERROR, Cause.UNKNOWN_FIELD);
          case TOLERATED ->
              new Violation(
                  field,
                  "unknown field, nothing reads it" + hint,
                  Severity.WARNING,
                  Cause.UNKNOWN_FIELD);
        });
  }

  /** Adds all violations of another collection. */
  void take(Violations other) {
    other.all.forEach(this::add);
  }

  /** Adds all violations of another collection as warnings, except for unknown fields. */
  void takeAsWarnings(Violations other) {
    other.all.forEach(violation -> add(violation.asWarning()));
  }

  private void add(Violation violation) {
    all.add(violation);
    if (violation.severity() == Severity.ERROR) {
      errors++;
      repeated += violation.cause() == Cause.REPEATED_KEY ? 1 : 0;
    }
    unknown += violation.cause() == Cause.UNKNOWN_FIELD ? 1 : 0;
  }

  /** Removes the errors and keeps the warnings. */
  void dropErrors() {
    all.removeIf(violation -> violation.severity() == Severity.ERROR);
    errors = 0;
    repeated = 0;
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
    return all.subList(mark, all.size()).stream() // skipping in the stream would pass over all
        .filter(violation -> violation.severity() == Severity.ERROR)
        .map(violation -> relative(within, violation.field()) + violation.reason())
        .findFirst();
  }

  /** Returns the path of a field from another on with a colon; nothing for that field itself. */
  static String relative(String within, String field) {
    return field.startsWith(within + ".") ? field.substring(within.length() + 1) + ": " : "";
  }

  /**
   * Returns the number of unknown fields so far, whether they are errors or warnings; a part that
   * adds none is understood.
   */
  long unknown() {
    return unknown;
  }

  /** Returns whether unknown fields are errors. */
  boolean refusesUnknown() {
    return unknownFields == UnknownFields.REFUSED;
  }

  /** Returns the number of errors so far that are neither unknown fields nor repeated keys. */
  long otherErrors() {
    return errors - repeated - (refusesUnknown() ? unknown : 0);
  }

  List<Problem> problems(String file, String object, Severity severity) {
    return all.stream()
        .filter(violation -> violation.severity() == severity)
        .map(v -> new Problem(file, object, v.field(), v.reason(), severity))
        .distinct()
        .toList();
  }
}
