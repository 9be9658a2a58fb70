package io.portcullis.policy.lint;

import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.TieredRule;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Finds pods that no policy restricts. */
final class IsolationLint {
  private final Surroundings surroundings;
  private final Selections selections;
  private final Consumer<Finding> found;

  IsolationLint(Surroundings surroundings, Selections selections, Consumer<Finding> found) {
    this.surroundings = surroundings;
    this.selections = selections;
    this.found = found;
  }

  void check(String namespace) {
    var pods = surroundings.byNamespace().getOrDefault(namespace, List.of());
    var open = new EnumMap<Direction, List<Pod>>(Direction.class);
    for (var direction : Direction.values()) {
      open.put(direction, pods.stream().filter(pod -> isOpen(pod, direction)).toList());
    }
    if (!pods.isEmpty() && open.get(Direction.INGRESS).size() == pods.size()) {
      openNamespace(namespace, pods, open.get(Direction.EGRESS).size() == pods.size());
      return;
    }
    open.forEach((direction, some) -> forgotten(namespace, direction, pods.size(), some));
  }

  private boolean isOpen(Pod pod, Direction direction) {
    var selection = selections.of(pod, direction);
    return selection.networkPolicies().isEmpty()
        && Stream.concat(selection.admin().stream(), selection.baseline().stream())
            .flatMap(policy -> policy.rules(direction).stream())
            .noneMatch(rule -> rule.action() == TieredRule.Action.DENY);
  }

  private void openNamespace(String namespace, List<Pod> pods, boolean egressToo) {
    add(
        Check.OPEN_NAMESPACE,
        namespace,
        pods,
        "nothing restricts "
            + (egressToo ? "ingress and egress" : "ingress")
            + " of its pods: "
            + Words.pods(pods));
  }

  private void forgotten(String namespace, Direction direction, int all, List<Pod> open) {
    if (!open.isEmpty() && open.size() < all) {
      add(
          Check.FORGOTTEN_PODS,
          namespace,
          open,
          direction.name().toLowerCase(Locale.ROOT)
              + " of "
              + open.size()
              + " of "
              + all
              + " pods is open: "
              + Words.pods(open));
    }
  }

  /** A namespace without an object of its own is found in the file of its pods. */
  private void add(Check check, String namespace, List<Pod> pods, String what) {
    var object = surroundings.cluster().namespace(namespace);
    var source = object.origin().source();
    found.accept(
        new Finding(
            check,
            object.key(),
            source.isEmpty() ? pods.getFirst().origin().source() : source,
            "metadata.name",
            what));
  }
}
