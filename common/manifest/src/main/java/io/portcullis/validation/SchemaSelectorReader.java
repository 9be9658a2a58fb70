package io.portcullis.validation;

import io.portcullis.cluster.LabelSelector;
import java.util.Optional;

/**
 * Reads label selectors of custom resources. Their schema checks types only, so the server stores
 * unknown operators and keys that are not valid. Such a selector cannot be read (A8).
 */
final class SchemaSelectorReader {
  private final Violations violations;

  SchemaSelectorReader(Violations violations) {
    this.violations = violations;
  }

  /** Returns the selector of a peer; what only the schema accepts is a warning. */
  Optional<LabelSelector> ofPeer(Field field) {
    var found = violations.another();
    var selector = read(field, found);
    violations.takeAsWarnings(found);
    return selector;
  }

  /** Returns the selector of a subject; what only the schema accepts is a violation. */
  Optional<LabelSelector> ofSubject(Field field) {
    var found = violations.another();
    var selector = read(field, found);
    violations.take(found);
    return selector;
  }

  private Optional<LabelSelector> read(Field field, Violations found) {
    var before = violations.errors();
    checkTypes(field);
    var selector = SelectorReader.read(field.under(found), found);
    if (violations.errors() > before) {
      found.dropErrors(); // violations of types are reported already
      return Optional.empty();
    }
    return selector;
  }

  private static void checkTypes(Field field) {
    if (!Schema.isObject(field)) {
      return;
    }
    var labels = field.child("matchLabels");
    for (var key : labels.keys()) {
      Schema.text(labels.entry(key), Integer.MAX_VALUE);
    }
    for (var expression : field.child("matchExpressions").items()) {
      if (Schema.isObject(expression)) {
        Schema.required(expression, "key").text();
        Schema.required(expression, "operator").text();
        expression.child("values").items().forEach(value -> Schema.text(value, Integer.MAX_VALUE));
      }
    }
  }
}
