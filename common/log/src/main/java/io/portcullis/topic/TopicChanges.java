package io.portcullis.topic;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What came to a compacted topic, or to a partition of it, since it was read before.
 *
 * @param topicId of the incarnation, which is the same as before
 * @param values the newest by key; absent: the key was removed
 * @param position the offset after the last record
 */
public record TopicChanges(
    String topicId, SortedMap<String, Optional<byte[]>> values, long position) {
  public TopicChanges {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }
}
