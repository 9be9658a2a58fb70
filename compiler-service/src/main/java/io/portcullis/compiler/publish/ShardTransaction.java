package io.portcullis.compiler.publish;

import io.portcullis.history.NodePosition;
import io.portcullis.history.Progress;
import io.portcullis.json.Json;
import io.portcullis.topic.ShardContent.Difference;
import io.portcullis.topic.Topics;
import io.portcullis.topic.Transaction;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * One transaction: versions of nodes and of wide sets, their commits, and the shard's progress.
 *
 * @param before where nodes stand before it
 * @param others positions that change without a version; absent: the node is forgotten
 * @param committed told the new positions of the nodes that got a version
 */
record ShardTransaction(
    Progress progress,
    Batch batch,
    Map<String, NodePosition> before,
    SortedMap<String, Optional<NodePosition>> others,
    Consumer<Map<String, NodePosition>> taken,
    SortedMap<String, NodePosition> after)
    implements Difference {

  ShardTransaction(
      Progress progress,
      Batch batch,
      Map<String, NodePosition> before,
      SortedMap<String, Optional<NodePosition>> others,
      Consumer<Map<String, NodePosition>> taken) {
    this(progress, batch, before, others, taken, new TreeMap<>());
  }

  @Override
  public long position() {
    return progress.clusterPosition();
  }

  @Override
  public void write(Transaction transaction) throws ExecutionException, InterruptedException {
    var versions = batch.versions();
    var commits = new ArrayList<Future<RecordMetadata>>();
    for (var version : versions) {
      commits.add(version.write(transaction, progress.shard(), before(version)));
    }
    batch.removals().forEach(removal -> removal.write(transaction));
    for (var i = 0; i < versions.size(); i++) {
      var version = versions.get(i);
      var place = version.position(before(version), commits.get(i), progress.writtenMicros());
      after.put(version.unit().name(), place);
      put(transaction, NodePosition.key(version.unit().name()), Optional.of(place));
    }
    others.forEach(
        (node, place) -> {
          if (!after.containsKey(node)) {
            put(transaction, NodePosition.key(node), place);
          }
        });
    put(transaction, Progress.key(progress.shard()), Optional.of(progress));
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
    taken.accept(after);
  }
}
