package io.portcullis.topic;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Pattern;
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

  /** A log is cut off by whole segments, so it has some, each of which takes a largest record. */
  private static final int SEGMENTS = 8;

  private static final long SMALLEST_SEGMENT = 2L * LARGEST_RECORD;
  private static final long LARGEST_SEGMENT = 1L << 30;

  /**
   * How late what was superseded goes from topics of which there are thousands: each time the
   * broker reads and writes all of them.
   */
  private static final Duration OF_MANY = Duration.ofMinutes(10);

  /**
   * Of an index of segments of such topics, in bytes; a segment ends where it is full, after some
   * 20 MiB. Brokers map it into memory, and the kernel reads it ahead as far as it goes: with the
   * 10 MiB of Kafka's default the first record of each segment takes milliseconds where disks are
   * read far ahead, and thousands of topics fill the page cache with what holds nothing.
   */
  private static final int INDEX_OF_MANY = 64 * 1024;

  private static final String NODE = "portcullis.node.";
  private static final String APPLIED = "portcullis.applied.";

  /** Kafka takes 249 characters, and the longer of the prefixes has 19. */
  private static final int LONGEST_AS_IT_IS = 230;

  /** How much of another name is kept for readers. */
  private static final int READABLE = 150;

  private static final Pattern AS_IT_IS = Pattern.compile("[-.a-z0-9]+");
  private static final Pattern NOT_PLAIN = Pattern.compile("[^-.a-z0-9]");

  private Topics() {}

  /** Cluster objects, written by the watcher. */
  public static TopicSpec cluster() {
    return compacted("portcullis.cluster", 1, Duration.ofMinutes(1))
        .with(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime")
        .spec();
  }

  /** The rule set of one node, written by the compiler that owns its shard. */
  public static TopicSpec node(String node) {
    return oneOfMany(NODE + inTopics(node), OF_MANY).spec();
  }

  /**
   * What one node's agent answers, written by that agent.
   *
   * @param window how long answers are kept beside the newest
   */
  public static TopicSpec applied(String node, Duration window) {
    return oneOfMany(APPLIED + inTopics(node), window.multipliedBy(2))
        .with(TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG, Long.toString(window.toMillis()))
        .spec();
  }

  /** Sets that many nodes need, each in the partition of the shard that writes it. */
  public static TopicSpec sets() {
    return compacted("portcullis.sets", SHARDS, OF_MANY).spec();
  }

  /**
   * Commits, kept so long.
   *
   * @param bytes how much of the broker's disk they take, over all shards, about
   */
  public static TopicSpec history(Duration window, long bytes) {
    var ofShard = Math.max(bytes / SHARDS, SEGMENTS * SMALLEST_SEGMENT);
    return new Settings(HISTORY, SHARDS)
        .with(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE)
        .with(TopicConfig.RETENTION_MS_CONFIG, Long.toString(window.toMillis()))
        .with(TopicConfig.RETENTION_BYTES_CONFIG, Long.toString(ofShard))
        .with(
            TopicConfig.SEGMENT_BYTES_CONFIG,
            Long.toString(Math.min(ofShard / SEGMENTS, LARGEST_SEGMENT)))
        .with(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, largestBatch())
        .spec();
  }

  /** Returns the topic of how far each shard has compiled, and where its newest commits are. */
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

  /**
   * How a node's name stands in its topics' names: as it is, where it is written as Kubernetes
   * writes names and fits. Any other becomes its first characters, {@code -X} and the SHA-256 of
   * all of it in hex. No two nodes share a topic: a name that stands as it is has no capital, and
   * no two names are known to have one hash. Kafka takes {@code .} and {@code _} for the same where
   * it counts, so the latter never occurs.
   */
  static String inTopics(String node) {
    if (AS_IT_IS.matcher(node).matches() && node.length() <= LONGEST_AS_IT_IS) {
      return node;
    }
    var start = node.substring(0, Math.min(node.length(), READABLE));
    return NOT_PLAIN.matcher(start).replaceAll("-") + "-X" + sha256(node);
  }

  private static String sha256(String text) {
    try {
      var hash = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(hash.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  /** Makes the settings of a topic of one node. */
  private static Settings oneOfMany(String name, Duration longestLag) {
    return compacted(name, 1, longestLag)
        .with(TopicConfig.SEGMENT_INDEX_BYTES_CONFIG, Integer.toString(INDEX_OF_MANY));
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
