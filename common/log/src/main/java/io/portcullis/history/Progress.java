package io.portcullis.history;

/**
 * How far a shard has compiled; the record of {@code portcullis.progress} under the shard's number.
 *
 * @param clusterTopicId and {@code clusterPosition}: what of the cluster topic is compiled (offset
 *     of the next record)
 * @param beatMicros the newest beat of the watcher that was seen, by its clock
 * @param historyTopicId of the topic that the offsets of {@link NodePosition} belong to
 * @param writtenMicros when this was written, microseconds since 1970
 */
public record Progress(
    int shard,
    String clusterTopicId,
    long clusterPosition,
    long beatMicros,
    String historyTopicId,
    long writtenMicros) {

  /** Returns the key of its record. */
  public static String key(int shard) {
    return Integer.toString(shard);
  }
}
