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
 * How far the nodes have come with what is published, as topics told it (A11). An older answer that
 * is enough needs no newer one. The newest answers must have been read after what shards have
 * compiled: then they may be newer than what is asked of them, and never seem older.
 *
 * @param answers of agents, by node
 */
public record Rollout(List<ShardProgress> shards, Map<String, Applied> answers) {
  /** Of what a shard has not compiled yet: no node holds it. */
  private static final long NEVER = Long.MAX_VALUE;

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
    var nodes = nodes(shards);
    return new Reach(nodes.size(), behind(nodes, versions(clusterTopicId, position)));
  }

  /** Those that are behind for want of an answer: it is no use to ask what is not compiled. */
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

  /** Its kernel holds that version of the node, and of each wide set in that. */
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
