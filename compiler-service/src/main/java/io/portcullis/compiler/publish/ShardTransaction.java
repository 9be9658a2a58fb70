package io.portcullis.compiler.publish;

import io.portcullis.history.NodePosition;
import io.portcullis.history.Progress;
import io.portcullis.json.Json;
import io.portcullis.topic.ShardContent.Difference;
import io.portcullis.topic.Topics;
import io.portcullis.topic.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * One transaction: versions of nodes and of wide sets, their commits, and the shard's progress. All
 * of it is sent at once: where exactly in history its commits come to stand is known only then, so
 * progress names the place behind the commit before, from which on they are the next ones.
 *
 * @param before where nodes stand before it
 * @param others positions that change without a version; absent: the node is forgotten
 * @param historyEnd of the shard's history, behind all that was committed before
 * @param taken told the new positions of the nodes that got a version, once it is committed
 * @param commits where the first parts of the versions' commits stand
 */
record ShardTransaction(
    Progress progress,
    Batch batch,
    Map<String, NodePosition> before,
    SortedMap<String, Optional<NodePosition>> others,
    long historyEnd,
    Consumer<SortedMap<String, NodePosition>> taken,
    List<Future<RecordMetadata>> commits)
    implements Difference {

  ShardTransaction(
      Progress progress,
      Batch batch,
      Map<String, NodePosition> before,
      SortedMap<String, Optional<NodePosition>> others,
      long historyEnd,
      Consumer<SortedMap<String, NodePosition>> taken) {
    this(progress, batch, before, others, historyEnd, taken, new ArrayList<>());
  }

  @Override
  public int topics() {
    return Math.max(1, batch.versions().size() + batch.removals().size());
  }

  @Override
  public void write(Transaction transaction) {
    for (var version : batch.versions()) {
      commits.add(version.write(transaction, progress.shard(), before(version)));
      put(
          transaction,
          NodePosition.key(version.unit().name()),
          Optional.of(position(version, historyEnd)));
    }
    batch.removals().forEach(removal -> removal.write(transaction));
    var versioned =
        batch.versions().stream().map(version -> version.unit().name()).collect(Collectors.toSet());
    others.forEach(
        (node, place) -> {
          if (!versioned.contains(node)) {
            put(transaction, NodePosition.key(node), place);
          }
        });
    put(transaction, Progress.key(progress.shard()), Optional.of(progress));
  }

  private NodePosition position(NodeVersion version, long commit) {
    return version.position(before(version), commit, progress.writtenMicros());
  }

  private void put(Transaction transaction, String key, Optional<?> value) {
    var topic = Topics.progress().name();
    value.ifPresentOrElse(
        present -> transaction.put(topic, progress.shard(), key, Json.bytes(present)),
        () -> transaction.remove(topic, progress.shard(), key));
  }

  private Optional<NodePosition> before(NodeVersion version) {
    return Optional.ofNullable(before.get(version.unit().name()));
  }

  @Override
  public void committed() {
    var after = new TreeMap<String, NodePosition>();
    var versions = batch.versions();
    for (var i = 0; i < versions.size(); i++) {
      var version = versions.get(i);
      after.put(version.unit().name(), position(version, commits.get(i).resultNow().offset()));
    }
    taken.accept(after);
  }
}
