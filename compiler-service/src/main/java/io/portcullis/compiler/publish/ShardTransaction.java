package io.portcullis.compiler.publish;

import io.portcullis.compiler.versions.Versioned;
import io.portcullis.history.NodePosition;
import io.portcullis.history.Progress;
import io.portcullis.json.Json;
import io.portcullis.topic.ShardContent.Difference;
import io.portcullis.topic.Topics;
import io.portcullis.topic.Transaction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * One transaction: versions of nodes and wide sets, their commits, and the shard's progress. All
 * records are sent at once, before the exact offsets of the commits are known. Therefore progress
 * names the end of history before the transaction: the next commit of a node from there on is its
 * newest.
 */
final class ShardTransaction implements Difference {
  private final Progress progress;
  private final List<VersionWrite> writes;
  private final HistoryIndex.Snapshot history;
  private final Consumer<SortedMap<String, NodePosition>> taken;
  private final Map<Versioned, Future<RecordMetadata>> commits = new HashMap<>();

  /**
   * @param history where nodes stand before the transaction
   * @param taken gets the new positions of the written nodes when the transaction is committed
   */
  ShardTransaction(
      Progress progress,
      Batch batch,
      HistoryIndex.Snapshot history,
      Consumer<SortedMap<String, NodePosition>> taken) {
    this.progress = progress;
    this.writes = batch.writes();
    this.history = history;
    this.taken = taken;
  }

  @Override
  public int topics() {
    return Math.max(1, writes.size());
  }

  @Override
  public void write(Transaction transaction) {
    var positions = new TreeMap<>(history.unwritten());
    for (var write : writes) {
      write
          .write(transaction, before(write))
          .ifPresent(commit -> commits.put(write.unit(), commit));
      position(write, history.end())
          .ifPresent(position -> positions.put(write.unit().name(), Optional.of(position)));
    }
    positions.forEach((name, position) -> put(transaction, NodePosition.key(name), position));
    put(transaction, Progress.key(progress.shard()), Optional.of(progress));
  }

  private Optional<NodePosition> position(VersionWrite write, long commit) {
    return write.position(before(write), commit, progress.writtenMicros());
  }

  private Optional<NodePosition> before(VersionWrite write) {
    return Optional.ofNullable(history.positions().get(write.unit().name()));
  }

  private void put(Transaction transaction, String key, Optional<?> value) {
    var topic = Topics.progress().name();
    value.ifPresentOrElse(
        present -> transaction.put(topic, progress.shard(), key, Json.bytes(present)),
        () -> transaction.remove(topic, progress.shard(), key));
  }

  @Override
  public void committed() {
    var after = new TreeMap<String, NodePosition>();
    for (var write : writes) {
      var commit = Optional.ofNullable(commits.get(write.unit()));
      var offset = commit.map(sent -> sent.resultNow().offset()).orElse(history.end());
      position(write, offset).ifPresent(position -> after.put(write.unit().name(), position));
    }
    taken.accept(after);
  }
}
