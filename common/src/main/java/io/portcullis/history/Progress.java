package io.portcullis.history;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far a shard has compiled; the record of {@code portcullis.progress} under the shard's number.
 *
 * @param clusterTopicId and {@code clusterPosition}: what of the cluster topic is compiled (offset
 *     of the next record)
 * @param beatMicros the newest beat of the watcher that was seen, by its clock
 * @param historyTopicId of the topic that the offsets belong to
 * @param writtenMicros when this was written, microseconds since 1970
 * @param nodes where each node's commits are
 */
public record Progress(
    int shard,
    String clusterTopicId,
    long clusterPosition,
    long beatMicros,
    String historyTopicId,
    long writtenMicros,
    SortedMap<String, NodePosition> nodes) {
  public Progress {
    nodes =
        nodes == null
            ? Collections.emptySortedMap()
            : Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
  }

  /**
   * A node's newest version and where it stands in history.
   *
   * @param commit offset of the first part of its commit
   * @param snapshot offset of the first part of the newest snapshot
   * @param sinceSnapshot how many commits came after that
   * @param snapshotMicros when the snapshot was made, microseconds since 1970
   */
  public record NodePosition(
      long version,
      String digest,
      int records,
      long compiledMicros,
      long commit,
      long snapshot,
      int sinceSnapshot,
      long snapshotMicros) {}
}
