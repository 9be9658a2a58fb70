package io.portcullis.oracle;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.LabelSelector.Operator;
import io.portcullis.cluster.LabelSelector.Requirement;
import io.portcullis.cluster.Origin;
import io.portcullis.oracle.ClusterSizes.Range;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Draws what objects and policies have in common: names, labels and selectors. */
final class RandomParts {
  private final Random random;
  private final List<String> namespaces;
  private final List<String> nodes;
  private final List<String> pods;
  private final List<String> networkPolicies;
  private final List<String> tieredPolicies;

  RandomParts(Random random, ClusterSizes.Names names) {
    this.random = random;
    this.namespaces = names(names.namespaces(), "a", "b", "c");
    this.nodes = names(names.nodes());
    this.pods = names(names.pods(), "p", "q", "r");
    this.networkPolicies = names(names.networkPolicies(), "one", "two");
    this.tieredPolicies = names(names.tieredPolicies(), "one", "two", "zero");
  }

  <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  <T> List<T> several(int least, int most, Supplier<? extends T> item) {
    return several(new Range(least, most), item);
  }

  <T> List<T> several(Range number, Supplier<? extends T> item) {
    var count = number.least() + random.nextInt(number.most() - number.least() + 1);
    var items = new ArrayList<T>();
    for (var i = 0; i < count; i++) {
      items.add(item.get());
    }
    return items;
  }

  String namespaceName() {
    return one(namespaces);
  }

  String podName() {
    return one(pods);
  }

  String networkPolicyName() {
    return one(networkPolicies);
  }

  String tieredPolicyName() {
    return one(tieredPolicies);
  }

  List<String> nodeNames() {
    return nodes;
  }

  /** Returns so many names, these first. */
  private static List<String> names(int count, String... first) {
    return Stream.concat(
            Stream.of(first),
            IntStream.rangeClosed(first.length + 1, count).mapToObj(number -> "n" + number))
        .limit(count)
        .toList();
  }

  Origin origin() {
    return new Origin("random.yaml", "uid-" + random.nextInt(1_000_000), 1, 0);
  }

  Map<String, String> labels() {
    var labels = new TreeMap<String, String>();
    for (var key : List.of("app", "role")) {
      if (random.nextBoolean()) {
        labels.put(key, one(List.of("x", "y")));
      }
    }
    return labels;
  }

  /** Draws a selector: half of them select everything, a tenth by the namespace's name (T10). */
  LabelSelector selector() {
    return switch (random.nextInt(10)) {
      case 0, 1, 2, 3, 4 -> LabelSelector.EVERYTHING;
      case 5 -> LabelSelector.labels(Map.of(ClusterObject.NAMESPACE_NAME_LABEL, namespaceName()));
      case 6, 7 -> new LabelSelector(new TreeMap<>(), List.of(requirement()));
      default -> new LabelSelector(new TreeMap<>(labels()), several(0, 1, this::requirement));
    };
  }

  private Requirement requirement() {
    var operator = one(List.of(Operator.values()));
    return new Requirement(
        one(List.of("app", "role")),
        operator,
        switch (operator) {
          case IN, NOT_IN -> several(1, 2, () -> one(List.of("x", "y")));
          case EXISTS, DOES_NOT_EXIST -> List.of();
        });
  }

  Set<Direction> directions() {
    return switch (random.nextInt(3)) {
      case 0 -> EnumSet.of(Direction.INGRESS);
      case 1 -> EnumSet.of(Direction.EGRESS);
      default -> EnumSet.allOf(Direction.class);
    };
  }
}
