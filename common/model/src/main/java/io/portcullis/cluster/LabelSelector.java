package io.portcullis.cluster;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A label selector. All of its labels and expressions must hold; an empty selector selects
 * everything (T9).
 */
public record LabelSelector(SortedMap<String, String> matchLabels, List<Requirement> expressions) {

  /** The operators of an expression. */
  public enum Operator {
    IN,
    NOT_IN,
    EXISTS,
    DOES_NOT_EXIST
  }

  /** An expression, with its values in order and without repetition. */
  public record Requirement(String key, Operator operator, List<String> values) {
    public Requirement {
      values = values == null ? List.of() : values.stream().distinct().sorted().toList();
    }

    boolean matches(Map<String, String> labels) {
      var value = labels.get(key);
      return switch (operator) { // T9
        case IN -> value != null && values.contains(value);
        case NOT_IN -> value == null || !values.contains(value);
        case EXISTS -> value != null;
        case DOES_NOT_EXIST -> value == null;
      };
    }

    private String text() {
      return key + " " + operator + " " + values;
    }
  }

  public static final LabelSelector EVERYTHING = new LabelSelector(new TreeMap<>(), List.of());

  public LabelSelector {
    matchLabels =
        java.util.Collections.unmodifiableSortedMap(
            matchLabels == null ? new TreeMap<>() : new TreeMap<>(matchLabels));
    expressions =
        expressions == null
            ? List.of()
            : expressions.stream()
                .distinct()
                .sorted(java.util.Comparator.comparing(Requirement::text))
                .toList();
  }

  public static LabelSelector labels(Map<String, String> labels) {
    return new LabelSelector(new TreeMap<>(labels), List.of());
  }

  public boolean matches(Map<String, String> labels) {
    for (var wanted : matchLabels.entrySet()) {
      if (!wanted.getValue().equals(labels.get(wanted.getKey()))) {
        return false;
      }
    }
    for (var expression : expressions) {
      if (!expression.matches(labels)) {
        return false;
      }
    }
    return true;
  }
}
