package io.portcullis.compiler.publish;

import io.portcullis.history.NodePosition;
import io.portcullis.history.Progress;
import io.portcullis.history.ShardProgress;
import io.portcullis.topic.TopicContent;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a shard's nodes and wide sets stand in history, as {@code portcullis.progress} has it and
 * is to have it. The worker's thread alone uses it.
 */
final class HistoryIndex {
  /** The greatest number that each ever got here, by name, also in topics that are lost. */
  private final Map<String, Long> highest = new HashMap<>();

  private final SortedMap<String, NodePosition> all = new TreeMap<>();

  /** Those that the topic does not hold yet; absent: it is to hold none. */
  private final SortedMap<String, Optional<NodePosition>> unwritten = new TreeMap<>();

  private ShardProgress before = ShardProgress.NONE;
  private Optional<String> historyTopicId = Optional.empty();
  private long historyEnd;

  /** History is this topic now, and what another process wrote of it ends there. */
  void takeHistory(TopicContent content) {
    historyTopicId = Optional.of(content.topicId());
    historyEnd = content.position();
    take();
  }

  /** What the topic tells. */
  void takeProgress(ShardProgress read) {
    before = read;
    take();
  }

  /** Offsets are of use only in the incarnation of the topic that they were written for. */
  private void take() {
    all.clear();
    all.putAll(before.nodes());
    all.forEach((name, position) -> got(name, position.version()));
    if (!historyTopicId.equals(before.shard().map(Progress::historyTopicId))) {
      all.replaceAll((_, position) -> position.withoutHistory());
    }
  }

  /** Another process goes on with them. */
  void release() {
    all.clear();
    unwritten.clear();
    historyTopicId = Optional.empty();
    before = ShardProgress.NONE;
  }

  /** The topic of history; none while this process does not write it. */
  Optional<String> historyTopicId() {
    return historyTopicId;
  }

  /** Behind all commits of the shard that are known. */
  long historyEnd() {
    return historyEnd;
  }

  /** What the shard's last owner had compiled, if it was of that cluster topic. */
  Optional<Long> compiledTo(String clusterTopicId) {
    return before
        .shard()
        .filter(progress -> progress.clusterTopicId().equals(clusterTopicId))
        .map(Progress::clusterPosition);
  }

  /** By name. */
  SortedMap<String, NodePosition> all() {
    return Collections.unmodifiableSortedMap(all);
  }

  Optional<NodePosition> of(String name) {
    return Optional.ofNullable(all.get(name));
  }

  /** A version has this number. */
  void got(String name, long number) {
    highest.merge(name, number, Math::max);
  }

  /** The least number that the next version may have. */
  long nextNumber(String name) {
    return highest.getOrDefault(name, 0L) + 1;
  }

  /** Lets the topic hold these with the next transaction; absent: none. */
  void write(Map<String, Optional<NodePosition>> changes) {
    unwritten.putAll(changes);
  }

  /** They are these, and the topic is to hold it with the next transaction. */
  void replace(Map<String, NodePosition> changed) {
    changed.forEach(
        (name, position) -> {
          all.put(name, position);
          unwritten.put(name, Optional.of(position));
        });
  }

  /** What waits for a transaction. */
  SortedMap<String, Optional<NodePosition>> unwritten() {
    return new TreeMap<>(unwritten);
  }

  /**
   * A transaction is committed.
   *
   * @param versions what got a version in it
   * @param others what else it wrote
   */
  void written(
      SortedMap<String, NodePosition> versions, SortedMap<String, Optional<NodePosition>> others) {
    all.putAll(versions);
    versions.values().forEach(place -> historyEnd = Math.max(historyEnd, place.commit() + 1));
    others.forEach(
        (name, place) -> {
          if (!versions.containsKey(name)) {
            place.ifPresentOrElse(position -> all.put(name, position), () -> forget(name));
          }
          unwritten.remove(name, place);
        });
  }

  private void forget(String name) {
    all.remove(name);
    highest.remove(name);
  }
}
