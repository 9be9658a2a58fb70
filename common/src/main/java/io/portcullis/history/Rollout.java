package io.portcullis.history;

import io.portcullis.ruleset.Applied;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How far the nodes have come with what is published, as topics told it at one moment (A11). What
 * shards have compiled must have been read before the answers: then an answer may be newer than
 * what is asked of it, and never seems older.
 *
 * @param answers the newest of each agent, by node
 */
public record Rollout(List<ShardProgress> shards, Map<String, Applied> answers) {
  public Rollout {
    shards = List.copyOf(shards);
    answers = Map.copyOf(answers);
  }

  /**
   * Which nodes hold something.
   *
   * @param nodes how many there are
   * @param behind those that do not, or are not known to
   */
  public record Reach(int nodes, SortedSet<String> behind) {
    public Reach {
      behind = Collections.unmodifiableSortedSet(new TreeSet<>(behind));
    }

    /** Whether there are nodes, and each holds it. */
    public boolean isComplete() {
      return nodes > 0 && behind.isEmpty();
    }
  }

  /** The nodes of the cluster, of which answers are to be read. */
  public static SortedSet<String> nodes(Collection<ShardProgress> shards) {
    var nodes = new TreeSet<String>();
    for (var shard : shards) {
      shard.nodes().forEach((name, position) -> add(nodes, name, position));
    }
    return nodes;
  }

  private static void add(SortedSet<String> nodes, String name, NodePosition position) {
    if (!name.startsWith(NodePosition.OF_SETS) && position.gone().isEmpty()) {
      nodes.add(name);
    }
  }

  /**
   * Which nodes hold what was published before a position.
   *
   * @param clusterTopicId of the cluster topic that it is a position of
   * @param position the offset behind it
   */
  public Reach reach(String clusterTopicId, long position) {
    var sets = new HashMap<String, Long>();
    for (var shard : shards) {
      var isThere = hasCompiled(shard, clusterTopicId, position);
      shard.nodes().forEach((name, place) -> sets.put(name, isThere ? place.version() : NEVER));
    }
    var nodes = nodes(shards);
    var behind = new TreeSet<>(nodes);
    for (var shard : shards) {
      if (hasCompiled(shard, clusterTopicId, position)) {
        behind.removeIf(
            node -> shard.nodes().containsKey(node) && holds(node, shard.nodes().get(node), sets));
      }
    }
    return new Reach(nodes.size(), behind);
  }

  private static final long NEVER = Long.MAX_VALUE;

  private static boolean hasCompiled(ShardProgress shard, String clusterTopicId, long position) {
    return shard
        .shard()
        .filter(progress -> progress.clusterTopicId().equals(clusterTopicId))
        .filter(progress -> progress.clusterPosition() >= position)
        .isPresent();
  }

  /** Its kernel holds the node's newest version, and the newest of each wide set in that. */
  private boolean holds(String node, NodePosition place, Map<String, Long> sets) {
    var answer = answers.get(node);
    return answer != null
        && answer.version() >= place.version()
        && answer.wide().stream()
            .allMatch(
                wide -> sets.getOrDefault(NodePosition.OF_SETS + wide.set(), 0L) <= wide.version());
  }
}
