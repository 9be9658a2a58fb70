package io.portcullis.compiler.publish;

import io.portcullis.history.NodePosition;
import io.portcullis.history.NodePosition.Gone;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what becomes of nodes that have left the cluster. Their topics are deleted after a period
 * of grace, and their positions are forgotten when history has lost their commits. The period must
 * pass by this clock and by the watcher's, which stands still while the source is lost.
 */
final class NodeRetirement {
  private static final Logger LOG = LoggerFactory.getLogger(NodeRetirement.class);

  private final Duration grace;
  private final Duration window;

  NodeRetirement(Duration grace, Duration window) {
    this.grace = grace;
    this.window = window;
  }

  /**
   * Returns the positions of nodes that have come or gone.
   *
   * @return positions by node; absent: the node is forgotten
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

  /** Returns the topics that must be deleted now. */
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
        .flatMap(ShardMembers::topicsOf)
        .toList();
  }

  /** Returns the positions of the nodes whose topics have been deleted, which note that. */
  Map<String, NodePosition> deleted(Map<String, NodePosition> positions, Set<String> topics) {
    var changed = new HashMap<String, NodePosition>();
    positions.forEach(
        (node, position) -> {
          if (position.gone().isPresent()
              && ShardMembers.topicsOf(node).anyMatch(topics::contains)) {
            LOG.info("node {}: gone for {}; its topics are deleted", node, grace);
            var gone = position.gone().get();
            changed.put(node, position.with(new Gone(gone.sinceMicros(), gone.beatMicros(), true)));
          }
        });
    return changed;
  }

  private static boolean isOver(long sinceMicros, long nowMicros, Duration time) {
    return nowMicros - sinceMicros >= time.toNanos() / 1_000;
  }
}
