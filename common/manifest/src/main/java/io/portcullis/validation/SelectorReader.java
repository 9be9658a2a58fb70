package io.portcullis.validation;

import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.LabelSelector.Operator;
import io.portcullis.cluster.LabelSelector.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads label selectors (T9). */
final class SelectorReader {
  private SelectorReader() {}

  /** Returns the selector; empty if it is absent or not valid. */
  static Optional<LabelSelector> read(Field field, Violations violations) {
    var before = violations.errors();
    var selector = known(field, violations);
    return violations.errors() == before ? selector : Optional.empty();
  }

  /**
   * Returns the selector without its unknown fields and repeated keys, so that it selects more than
   * was meant; empty if it is absent or not valid in another way.
   */
  static Optional<LabelSelector> known(Field field, Violations violations) {
    var before = violations.otherErrors();
    if (!field.isObject()) {
      return field.isRepeated() ? Optional.of(LabelSelector.EVERYTHING) : Optional.empty();
    }
    field.hasOnly(Set.of("matchLabels", "matchExpressions"));
    var matchLabels = field.child("matchLabels");
    var labels = matchLabels.texts();
    Metadata.validateLabels(labels, matchLabels);
    var requirements = new ArrayList<Requirement>();
    for (var item : field.child("matchExpressions").items()) {
      requirement(item).ifPresent(requirements::add);
    }
    return violations.otherErrors() == before
        ? Optional.of(new LabelSelector(labels, requirements))
        : Optional.empty();
  }

  private static Optional<Requirement> requirement(Field field) {
    if (field.present() && !field.isObject()) {
      return Optional.empty();
    }
    field.hasOnly(Set.of("key", "operator", "values"));
    var key = field.child("key");
    var name = key.text().orElse("");
    if (!key.present() || key.isText()) {
      key.invalid(name, NameSyntax.qualifiedName(name));
    }
    var values = values(field.child("values"));
    if (field.child("values").isRepeated()) {
      return Optional.empty();
    }
    return operator(field.child("operator"))
        .map(
            operator -> {
              checkCount(operator, values.size(), field.child("values"));
              return new Requirement(name, operator, values);
            });
  }

  private static List<String> values(Field field) {
    var values = new ArrayList<String>();
    for (var item : field.items()) {
      var value = item.text();
      value.ifPresent(text -> item.invalid(NameSyntax.labelValue(text)));
      values.add(value.orElse(""));
    }
    return values;
  }

  private static Optional<Operator> operator(Field field) {
    var operator =
        switch (field.text().orElse("")) {
          case "In" -> Optional.of(Operator.IN);
          case "NotIn" -> Optional.of(Operator.NOT_IN);
          case "Exists" -> Optional.of(Operator.EXISTS);
          case "DoesNotExist" -> Optional.of(Operator.DOES_NOT_EXIST);
          default -> Optional.<Operator>empty();
        };
    if (operator.isEmpty() && (!field.present() || field.isText())) {
      field.invalid("not a valid selector operator");
    }
    return operator;
  }

  private static void checkCount(Operator operator, int count, Field values) {
    switch (operator) {
      case IN, NOT_IN -> {
        if (count == 0) {
          values.required("must be specified when `operator` is 'In' or 'NotIn'");
        }
      }
      case EXISTS, DOES_NOT_EXIST -> {
        if (count > 0) {
          values.forbidden("may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
        }
      }
    }
  }
}
