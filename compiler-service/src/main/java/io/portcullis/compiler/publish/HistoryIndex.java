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
 * The positions of a shard's nodes and wide sets in history, as {@code portcullis.progress} holds
 * them and should hold them. Only the loop's thread uses it.
 */
final class HistoryIndex {
  /** The greatest version number of each node and set, by name; topics that are lost count too. */
  private final Map<String, Long> highest = new HashMap<>();

  private final SortedMap<String, NodePosition> all = new TreeMap<>();

  /** The positions that the topic lacks. Absent: the topic should hold none. */
  private final SortedMap<String, Optional<NodePosition>> unwritten = new TreeMap<>();

  private ShardProgress before = ShardProgress.NONE;
  private Optional<String> historyTopicId = Optional.empty();
  private long historyEnd;

  /** Takes the topic of history, in which this process appends at the end. */
  void takeHistory(TopicContent content) {
    historyTopicId = Optional.of(content.topicId());
    historyEnd = content.position();
    take();
  }

  /** Takes the records of the progress topic. */
  void takeProgress(ShardProgress read) {
    before = read;
    take();
  }

  /** Takes the positions. Their offsets are of use only in the history they were written for. */
  private void take() {
    all.clear();
    all.putAll(before.nodes());
    all.forEach((name, position) -> numbered(name, position.version()));
    if (!historyTopicId.equals(before.shard().map(Progress::historyTopicId))) {
      all.replaceAll((_, position) -> position.withoutHistory());
    }
  }

  /** Forgets the positions, because another process may change them. */
  void release() {
    all.clear();
    unwritten.clear();
    historyTopicId = Optional.empty();
    before = ShardProgress.NONE;
  }

  /** Returns the id of history's topic; absent while this process does not write it. */
  Optional<String> historyTopicId() {
    return historyTopicId;
  }

  /**
   * The positions at one moment.
   *
   * @param positions by name, what the topic of progress holds
   * @param unwritten what changes without a version; absent: the node is forgotten
   * @param end the offset behind all known commits of the shard
   */
  record Snapshot(
      Map<String, NodePosition> positions,
      SortedMap<String, Optional<NodePosition>> unwritten,
      long end) {}

  /** Returns the present positions, with changes that are not versions. */
  Snapshot snapshot(Map<String, Optional<NodePosition>> changes) {
    var others = new TreeMap<>(unwritten);
    others.putAll(changes);
    return new Snapshot(Map.copyOf(all), others, historyEnd);
  }

  /** Returns up to where the shard's last owner compiled that cluster topic. */
  Optional<Long> compiledTo(String clusterTopicId) {
    return before
        .shard()
        .filter(progress -> progress.clusterTopicId().equals(clusterTopicId))
        .map(Progress::clusterPosition);
  }

  /** Returns all positions by name. */
  SortedMap<String, NodePosition> all() {
    return Collections.unmodifiableSortedMap(all);
  }

  Optional<NodePosition> of(String name) {
    return Optional.ofNullable(all.get(name));
  }

  /** Notes the number of a version. */
  void numbered(String name, long number) {
    highest.merge(name, number, Math::max);
  }

  /** Returns the least number that the next version may have. */
  long nextNumber(String name) {
    return highest.getOrDefault(name, 0L) + 1;
  }

  /** Changes positions; the next transaction writes them. */
  void replace(Map<String, NodePosition> changed) {
    changed.forEach(
        (name, position) -> {
          all.put(name, position);
          unwritten.put(name, Optional.of(position));
        });
  }

  /**
   * Takes in that a transaction is committed.
   *
   * @param versions the positions of the nodes whose versions it wrote
   * @param others the other positions that it wrote
   */
  void written(
      SortedMap<String, NodePosition> versions, SortedMap<String, Optional<NodePosition>> others) {
    all.putAll(versions);
    versions.values().forEach(position -> historyEnd = Math.max(historyEnd, position.commit() + 1));
    others.forEach(
        (name, written) -> {
          if (!versions.containsKey(name)) {
            written.ifPresentOrElse(position -> all.put(name, position), () -> forget(name));
          }
          unwritten.remove(name, written);
        });
  }

  private void forget(String name) {
    all.remove(name);
    highest.remove(name);
  }
}
