package io.portcullis.ruleset;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.List;

/**
 * The record that closes a version in a node's topic, under the key {@code version}, or of a wide
 * set in {@code portcullis.sets}, under {@code version/<id>}.
 *
 * @param number only grows, per node
 * @param digest of the whole rule set, without wide sets ({@link Digest#hex})
 * @param records how many records the version has
 * @param topicId of the topic that it was written to
 * @param shard that wrote it, of so many {@code shards}
 * @param clusterTopicId and {@code clusterPosition}: what of the cluster topic it was compiled from
 *     (offset of the next record)
 * @param compiledMicros when it was compiled, microseconds since 1970
 * @param causes the changes that made it, oldest first
 * @param build of the compiler
 * @param wide the sets of the rule set that are published once for many nodes; by id
 */
public record Marker(
    long number,
    String digest,
    int records,
    String topicId,
    int shard,
    int shards,
    String clusterTopicId,
    long clusterPosition,
    long compiledMicros,
    List<Cause> causes,
    String build,
    List<Wide> wide) {
  public static final String KEY = "version";

  /** The key of the record that closes a version of a wide set. */
  public static String key(SetId set) {
    return KEY + "/" + set;
  }

  @JsonCreator
  public Marker {
    causes = causes == null ? List.of() : List.copyOf(causes);
    wide = wide == null ? List.of() : List.copyOf(wide);
  }

  /** The same for a rule set that has this digest and so many records, in that topic. */
  public Marker of(String digestHex, int size, String topic) {
    return new Marker(
        number,
        digestHex,
        size,
        topic,
        shard,
        shards,
        clusterTopicId,
        clusterPosition,
        compiledMicros,
        causes,
        build,
        wide);
  }

  /** Of a version that needs no wide sets. */
  public Marker(
      long number,
      String digest,
      int records,
      String topicId,
      int shard,
      int shards,
      String clusterTopicId,
      long clusterPosition,
      long compiledMicros,
      List<Cause> causes,
      String build) {
    this(
        number,
        digest,
        records,
        topicId,
        shard,
        shards,
        clusterTopicId,
        clusterPosition,
        compiledMicros,
        causes,
        build,
        List.of());
  }

  /** Whether this version of a wide set is what a node's version needs, or a later state. */
  public boolean isEnoughFor(Marker node, Wide need) {
    return digest.equals(need.digest())
        || clusterTopicId.equals(node.clusterTopicId())
            && clusterPosition >= need.clusterPosition();
  }

  /**
   * Which version of a wide set is needed at least: the one with this digest, or any that was
   * compiled from this position or a later one. A number would not do, as another replica gives it.
   *
   * @param clusterPosition of the cluster topic that the marker names
   */
  public record Wide(SetId set, String digest, long clusterPosition) {}

  /**
   * A change of a cluster object.
   *
   * @param object its key
   * @param seenMicros when the source was seen to have changed
   * @param publishedMicros when the broker took it
   * @param removed whether the object went
   */
  public record Cause(
      String object, String source, long seenMicros, long publishedMicros, boolean removed) {}
}
