package io.portcullis.policy.grouping;

import io.portcullis.cluster.LabelSelector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** A label as a thing to look things up by. */
record Label(String key, String value) {
  private static final String ANY_VALUE = "*"; // no value of a label; one would only be tried more

  /** That a label is there, whatever its value. */
  static Label present(String key) {
    return new Label(key, ANY_VALUE);
  }

  /** All that something with these labels can be found by. */
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
   * One of these is on all that the selector matches: of its requirements the most selective.
   *
   * @param frequency how many have a label
   * @return absent: no requirement asks for a label
   */
  static Optional<List<Label>> mostSelective(LabelSelector of, ToIntFunction<Label> frequency) {
    var choices = new ArrayList<List<Label>>();
    of.matchLabels().forEach((key, value) -> choices.add(List.of(new Label(key, value))));
    for (var expression : of.expressions()) {
      switch (expression.operator()) {
        case IN ->
            choices.add(
                expression.values().stream()
                    .map(value -> new Label(expression.key(), value))
                    .toList());
        case EXISTS -> choices.add(List.of(present(expression.key())));
        case NOT_IN, DOES_NOT_EXIST -> {} // those without any label match too (T9)
      }
    }
    return choices.stream()
        .min(
            java.util.Comparator.comparingInt(labels -> labels.stream().mapToInt(frequency).sum()));
  }
}
