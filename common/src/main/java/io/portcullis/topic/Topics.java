package io.portcullis.topic;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.utils.Utils;

/** The topics of Portcullis: their names, settings, and which shard writes what. */
public final class Topics {
  /** How many shards nodes are shared out over; fixed at installation. */
  public static final int SHARDS = 32;

  /** The largest record that passes, in bytes. */
  public static final int LARGEST_RECORD = 8 * 1024 * 1024;

  /** What a batch of records adds to the largest one, in bytes, at most. */
  private static final int BATCH_OVERHEAD = 64 * 1024;

  /** The log of commits, one partition a shard. */
  public static final String HISTORY = "portcullis.history";

  private static final String NODE = "portcullis.node.";
  private static final String APPLIED = "portcullis.applied.";

  /** Kafka's own limit on the length of a topic's name. */
  private static final int LONGEST_NAME = 249;

  private Topics() {}

  /** Cluster objects, written by the watcher. */
  public static TopicSpec cluster() {
    return compacted("portcullis.cluster", 1, Duration.ofMinutes(1))
        .with(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime")
        .spec();
  }

  /** The rule set of one node, written by the compiler that owns its shard. */
  public static TopicSpec node(String node) {
    return compacted(named(NODE, node), 1, Duration.ofMinutes(1)).spec();
  }

  /**
   * What one node's agent answers, written by that agent.
   *
   * @param window how long answers are kept beside the newest
   */
  public static TopicSpec applied(String node, Duration window) {
    return compacted(named(APPLIED, node), 1, window.multipliedBy(2))
        .with(TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG, Long.toString(window.toMillis()))
        .spec();
  }

  /** Sets that many nodes need, each in the partition of the shard that writes it. */
  public static TopicSpec sets() {
    return compacted("portcullis.sets", SHARDS, Duration.ofMinutes(1)).spec();
  }

  /** Commits, kept so long. */
  public static TopicSpec history(Duration window) {
    return new Settings(HISTORY, SHARDS)
        .with(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE)
        .with(TopicConfig.RETENTION_MS_CONFIG, Long.toString(window.toMillis()))
        .with(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, largestBatch())
        .spec();
  }

  /** How far each shard has compiled, and where its newest commits are. */
  public static TopicSpec progress() {
    return compacted("portcullis.progress", SHARDS, Duration.ofMinutes(1)).spec();
  }

  /** No records: its partitions are what compilers share out. */
  public static TopicSpec shards() {
    return new Settings("portcullis.shards", SHARDS).spec();
  }

  /** No records: its partition is what watchers compete for. */
  public static TopicSpec watchers() {
    return new Settings("portcullis.watchers", 1).spec();
  }

  /** The shard that writes what has this name: Kafka's murmur2, positive, modulo the shards. */
  public static int shardOf(String name) {
    return Utils.toPositive(Utils.murmur2(name.getBytes(StandardCharsets.UTF_8))) % SHARDS;
  }

  /** Whether a node's topics can carry its name. */
  public static boolean fits(String node) {
    return APPLIED.length() + node.length() <= LONGEST_NAME;
  }

  private static String named(String prefix, String node) {
    var name = prefix + node;
    if (name.length() > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "node " + node + ": metadata.name: longer than a topic's name allows");
    }
    return name;
  }

  private static Settings compacted(String name, int partitions, Duration longestLag) {
    return new Settings(name, partitions)
        .with(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT)
        .with(TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, Long.toString(longestLag.toMillis()))
        .with(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, largestBatch());
  }

  private static String largestBatch() {
    return Integer.toString(LARGEST_RECORD + BATCH_OVERHEAD);
  }

  private record Settings(String name, int partitions, Map<String, String> settings) {
    Settings(String name, int partitions) {
      this(name, partitions, Map.of());
    }

    Settings with(String key, String value) {
      var more = new HashMap<>(settings);
      more.put(key, value);
      return new Settings(name, partitions, more);
    }

    TopicSpec spec() {
      return new TopicSpec(name, partitions, settings);
    }
  }
}
