package io.portcullis.policy.grouping;

import io.portcullis.cluster.LabelSelector;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Things that have labels, found by them. */
final class ByLabel<T> {
  private final Map<Label, Set<T>> carriers = new HashMap<>();

  void add(T item, Map<String, String> labels) {
    Label.all(labels)
        .forEach(label -> carriers.computeIfAbsent(label, _ -> new HashSet<>(4)).add(item));
  }

  void remove(T item, Map<String, String> labels) {
    for (var label : Label.all(labels)) {
      var all = carriers.get(label);
      all.remove(item);
      if (all.isEmpty()) {
        carriers.remove(label);
      }
    }
  }

  int frequency(Label label) {
    return carriers.getOrDefault(label, Set.of()).size();
  }

  /** Those among which are all that the selector matches; absent: all may be. */
  Optional<List<Set<T>>> candidates(LabelSelector selector) {
    return Label.mostSelective(selector, this::frequency)
        .map(
            labels ->
                labels.stream().map(label -> carriers.getOrDefault(label, Set.of())).toList());
  }
}
