package io.portcullis.watcher.status;

import io.portcullis.history.NodePosition;
import io.portcullis.history.ShardProgress;
import io.portcullis.ruleset.Applied;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Tells how far the nodes have come with what is published, by what topics said of that (A11).
 * Answers must have been read after the shards' progress: so they may be newer than what is asked
 * of them, but never seem older. An older answer that is enough needs no newer one.
 *
 * @param shards how far each shard has compiled
 * @param answers the newest known answer of each node's agent
 */
public record Rollout(List<ShardProgress> shards, Map<String, Applied> answers) {
  /** The version that a node would have to hold of what is not compiled yet. */
  private static final long NEVER = Long.MAX_VALUE;

  public Rollout {
    shards = List.copyOf(shards);
    answers = Map.copyOf(answers);
  }

  /**
   * Tells which nodes hold a policy.
   *
   * @param nodes how many nodes there are
   * @param behind the nodes that do not hold it, or are not known to
   */
  public record Reach(int nodes, SortedSet<String> behind) {
    public Reach {
      behind = Collections.unmodifiableSortedSet(new TreeSet<>(behind));
    }

    /** Tells whether there are nodes, and each of them holds the policy. */
    public boolean isComplete() {
      return nodes > 0 && behind.isEmpty();
    }
  }

  /** Returns the nodes of the cluster, whose agents give answers. */
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
   * Returns which nodes hold all that was published before a position.
   *
   * @param clusterTopicId of the cluster topic that the position belongs to
   * @param position the offset behind it
   */
  public Reach reach(String clusterTopicId, long position) {
    var nodes = nodes(shards);
    return new Reach(nodes.size(), behind(nodes, versions(clusterTopicId, position)));
  }

  /** Returns the nodes whose newer answer could show that they hold all before the position. */
  public SortedSet<String> unanswered(String clusterTopicId, long position) {
    var versions = versions(clusterTopicId, position);
    var unanswered = behind(nodes(shards), versions);
    unanswered.removeIf(node -> versions.get(node) == NEVER);
    return unanswered;
  }

  private Map<String, Long> versions(String clusterTopicId, long position) {
    var versions = new HashMap<String, Long>();
    for (var shard : shards) {
      var isThere = hasCompiled(shard, clusterTopicId, position);
      shard.nodes().forEach((name, place) -> versions.put(name, isThere ? place.version() : NEVER));
    }
    return versions;
  }

  private SortedSet<String> behind(Collection<String> nodes, Map<String, Long> versions) {
    var behind = new TreeSet<>(nodes);
    behind.removeIf(node -> holds(node, versions));
    return behind;
  }

  private static boolean hasCompiled(ShardProgress shard, String clusterTopicId, long position) {
    return shard
        .shard()
        .filter(progress -> progress.clusterTopicId().equals(clusterTopicId))
        .filter(progress -> progress.clusterPosition() >= position)
        .isPresent();
  }

  /** Tells whether the kernel holds the node's version, and the versions of its wide sets. */
  private boolean holds(String node, Map<String, Long> versions) {
    var answer = answers.get(node);
    return answer != null
        && answer.version() >= versions.get(node)
        && answer.wide().stream()
            .allMatch(
                wide ->
                    versions.getOrDefault(NodePosition.OF_SETS + wide.set(), 0L) <= wide.version());
  }
}
