package io.portcullis.compiler.publish;

import io.portcullis.history.NodePosition;
import io.portcullis.history.NodePosition.Gone;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What becomes of nodes that the cluster has no longer: their topics are deleted after a time of
 * grace, and their places in history are forgotten when history has passed. Time counts only as far
 * as both this clock and the watcher's have gone on: the latter stands still while the source is
 * lost.
 */
final class NodeRetirement {
  private final Duration grace;
  private final Duration window;

  NodeRetirement(Duration grace, Duration window) {
    this.grace = grace;
    this.window = window;
  }

  /**
   * What changes in the positions of nodes that come or go.
   *
   * @return by node; absent: it is forgotten
   */
  SortedMap<String, Optional<NodePosition>> changes(
      Map<String, NodePosition> positions, Collection<String> nodes, long now, long beatMicros) {
    var changes = new TreeMap<String, Optional<NodePosition>>();
    positions.forEach(
        (node, position) -> {
          if (nodes.contains(node)) {
            position.gone().ifPresent(_ -> changes.put(node, Optional.of(position.present())));
          } else if (position.gone().isEmpty()) {
            changes.put(node, Optional.of(position.with(new Gone(now, beatMicros, false))));
          } else if (position.gone().get().deleted()
              && isOver(position.gone().get().sinceMicros(), now, window)) {
            changes.put(node, Optional.empty());
          }
        });
    return changes;
  }

  /** Nodes whose topics go now. */
  List<String> due(
      Map<String, NodePosition> positions, Collection<String> nodes, long now, long beatMicros) {
    return positions.entrySet().stream()
        .filter(node -> !nodes.contains(node.getKey()))
        .filter(
            node ->
                node.getValue()
                    .gone()
                    .filter(gone -> !gone.deleted())
                    .filter(gone -> isOver(gone.sinceMicros(), now, grace))
                    .filter(gone -> isOver(gone.beatMicros(), beatMicros, grace))
                    .isPresent())
        .map(Map.Entry::getKey)
        .toList();
  }

  private static boolean isOver(long sinceMicros, long nowMicros, Duration time) {
    return nowMicros - sinceMicros >= time.toNanos() / 1_000;
  }
}
