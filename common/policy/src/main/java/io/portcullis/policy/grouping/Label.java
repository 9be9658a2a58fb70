package io.portcullis.policy.grouping;

import io.portcullis.cluster.LabelSelector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** A label as the key of an index. */
record Label(String key, String value) {
  /** No label has this value. If one had, there would only be more candidates. */
  private static final String ANY_VALUE = "*";

  /** Returns the key that stands for a label with any value. */
  static Label present(String key) {
    return new Label(key, ANY_VALUE);
  }

  /** Returns all keys by which something with these labels can be found. */
  static Collection<Label> all(Map<String, String> labels) {
    var all = new ArrayList<Label>(2 * labels.size());
    labels.forEach(
        (key, value) -> {
          all.add(new Label(key, value));
          all.add(present(key));
        });
    return all;
  }

  /**
   * Returns the most selective requirement of a selector, as labels. Everything that the selector
   * matches has at least one of them.
   *
   * @param frequency how many things have a label
   * @return absent: the selector requires no label
   */
  static Optional<List<Label>> mostSelective(
      LabelSelector selector, ToIntFunction<Label> frequency) {
    var choices = new ArrayList<List<Label>>();
    selector.matchLabels().forEach((key, value) -> choices.add(List.of(new Label(key, value))));
    for (var expression : selector.expressions()) {
      switch (expression.operator()) {
        case IN ->
            choices.add(
                expression.values().stream()
                    .map(value -> new Label(expression.key(), value))
                    .toList());
        case EXISTS -> choices.add(List.of(present(expression.key())));
        case NOT_IN, DOES_NOT_EXIST -> {} // things without the label match too (T9)
      }
    }
    return choices.stream()
        .min(Comparator.comparingInt(labels -> labels.stream().mapToInt(frequency).sum()));
  }
}
