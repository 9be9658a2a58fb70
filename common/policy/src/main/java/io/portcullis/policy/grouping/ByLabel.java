package io.portcullis.policy.grouping;

import io.portcullis.cluster.LabelSelector;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An index that finds things by their labels. */
final class ByLabel<T> {
  private final Map<Label, Set<T>> carriers = new HashMap<>();

  void add(T item, Map<String, String> labels) {
    Label.all(labels)
        .forEach(label -> carriers.computeIfAbsent(label, _ -> new HashSet<>(4)).add(item));
  }

  void remove(T item, Map<String, String> labels) {
    for (var label : Label.all(labels)) {
      var remaining = carriers.get(label);
      remaining.remove(item);
      if (remaining.isEmpty()) {
        carriers.remove(label);
      }
    }
  }

  int frequency(Label label) {
    return carriers.getOrDefault(label, Set.of()).size();
  }

  /**
   * Returns candidates among which is everything that the selector matches. Absent: everything is a
   * candidate.
   */
  Optional<List<Set<T>>> candidates(LabelSelector selector) {
    return Label.mostSelective(selector, this::frequency)
        .map(
            labels ->
                labels.stream().map(label -> carriers.getOrDefault(label, Set.of())).toList());
  }
}
