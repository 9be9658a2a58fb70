package io.portcullis.topic;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a compacted topic held when its end was reached.
 *
 * @param topicId of the incarnation that was read
 * @param values the newest by key, without those that were removed; of a partition alone where only
 *     one was asked for
 * @param position the offset after the last record
 */
public record TopicContent(String topicId, SortedMap<String, byte[]> values, long position) {
  public TopicContent {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }
}
