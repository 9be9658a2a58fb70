package io.portcullis.ruleset;

import java.util.List;

/**
 * The record that closes a version in a node's topic, under the key {@code version}.
 *
 * @param number only grows, per node
 * @param digest of the whole rule set ({@link Digest#hex})
 * @param records how many records the version has
 * @param topicId of the topic that it was written to
 * @param shard that wrote it, of so many {@code shards}
 * @param clusterTopicId and {@code clusterPosition}: what of the cluster topic it was compiled from
 *     (offset of the next record)
 * @param compiledMicros when it was compiled, microseconds since 1970
 * @param causes the changes that made it, oldest first
 * @param build of the compiler
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
    String build) {
  public static final String KEY = "version";

  public Marker {
    causes = causes == null ? List.of() : List.copyOf(causes);
  }

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
