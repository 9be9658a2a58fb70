package io.portcullis.policy.lint;

import io.portcullis.cluster.LabelSelector;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Tells whether any labels satisfy a selector. */
final class SelectorSense {
  private SelectorSense() {}

  /** Returns the key whose requirements contradict each other, if there is one (T9). */
  static Optional<String> contradictoryKey(LabelSelector selector) {
    var keys = new TreeSet<>(selector.matchLabels().keySet());
    selector.expressions().forEach(requirement -> keys.add(requirement.key()));
    return keys.stream().filter(key -> !isSatisfiable(selector, key)).findFirst();
  }

  private static boolean isSatisfiable(LabelSelector selector, String key) {
    var values = Optional.<Set<String>>empty();
    var label = selector.matchLabels().get(key);
    if (label != null) {
      values = Optional.of(Set.of(label));
    }
    var never = new HashSet<String>();
    var mustExist = false;
    var mustNotExist = false;
    for (var requirement : selector.expressions()) {
      if (!requirement.key().equals(key)) {
        continue;
      }
      switch (requirement.operator()) {
        case IN ->
            values =
                Optional.of(
                    requirement.values().stream()
                        .filter(
                            values
                                .<Predicate<String>>map(before -> before::contains)
                                .orElse(_ -> true))
                        .collect(Collectors.toSet()));
        case NOT_IN -> never.addAll(requirement.values());
        case EXISTS -> mustExist = true;
        case DOES_NOT_EXIST -> mustNotExist = true;
      }
    }
    if (mustNotExist) {
      return !mustExist && values.isEmpty();
    }
    return values.map(some -> !never.containsAll(some)).orElse(true);
  }
}
