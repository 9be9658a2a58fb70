package io.portcullis.compiler.publish;

import io.portcullis.history.Commit;
import io.portcullis.history.Progress.NodePosition;
import io.portcullis.json.Json;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.NodeRecords;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;
import io.portcullis.topic.Topics;
import io.portcullis.topic.Transaction;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.RecordMetadata;

/** One node's part of a transaction. */
sealed interface NodeVersion {
  String node();

  /** What the node's topic holds once the transaction is committed. */
  HeldVersion after();

  /** Sends the node's records and the commit; returns the place of the commit's first part. */
  Future<RecordMetadata> write(Transaction transaction, int shard, Optional<NodePosition> before);

  /** Whether its commit holds all of the rule set. */
  boolean isSnapshot(Optional<NodePosition> before);

  /**
   * A new version.
   *
   * @param commitsPerSnapshot after so many commits it is committed as all that it holds
   */
  record Changed(
      String node,
      HeldVersion before,
      RuleSetChange change,
      HeldVersion after,
      int commitsPerSnapshot)
      implements NodeVersion {

    static Changed of(
        String node,
        HeldVersion before,
        RuleSetChange change,
        RuleSet rules,
        Marker marker,
        int commitsPerSnapshot) {
      var complete =
          new Marker(
              marker.number(),
              rules.digest().hex(),
              rules.size(),
              before.topicId(),
              marker.shard(),
              marker.shards(),
              marker.clusterTopicId(),
              marker.clusterPosition(),
              marker.compiledMicros(),
              marker.causes(),
              marker.build());
      var after = new HeldVersion(before.topicId(), rules, Optional.of(complete), new TreeSet<>());
      return new Changed(node, before, change, after, commitsPerSnapshot);
    }

    @Override
    public boolean isSnapshot(Optional<NodePosition> position) {
      return position.filter(p -> p.sinceSnapshot() < commitsPerSnapshot).isEmpty();
    }

    @Override
    public Future<RecordMetadata> write(
        Transaction transaction, int shard, Optional<NodePosition> position) {
      var topic = Topics.node(node).name();
      change.puts().forEach((key, item) -> transaction.put(topic, 0, key, NodeRecords.bytes(item)));
      var removals = new TreeSet<>(before.alien());
      removals.removeAll(change.puts().keySet());
      removals.addAll(change.removals().keySet());
      removals.forEach(key -> transaction.remove(topic, 0, key));
      var marker = after.marker().orElseThrow();
      transaction.put(topic, 0, Marker.KEY, Json.bytes(marker));
      var previous = position.map(NodePosition::commit).orElse(Commit.NONE);
      var snapshot = position.map(NodePosition::snapshot).orElse(Commit.NONE);
      return send(
          transaction,
          shard,
          isSnapshot(position)
              ? Commit.snapshot(node, marker, after.rules(), previous, snapshot)
              : Commit.changes(node, marker, change, previous, snapshot));
    }
  }

  /** The present version once more, as history has it no longer or will soon lose it. */
  record Kept(String node, HeldVersion after) implements NodeVersion {
    @Override
    public boolean isSnapshot(Optional<NodePosition> position) {
      return true;
    }

    @Override
    public Future<RecordMetadata> write(
        Transaction transaction, int shard, Optional<NodePosition> position) {
      return send(
          transaction,
          shard,
          Commit.snapshot(
              node,
              after.marker().orElseThrow(),
              after.rules(),
              position.map(NodePosition::commit).orElse(Commit.NONE),
              position.map(NodePosition::snapshot).orElse(Commit.NONE)));
    }
  }

  private static Future<RecordMetadata> send(
      Transaction transaction, int shard, List<Commit> parts) {
    var sent =
        parts.stream()
            .map(part -> transaction.put(Topics.HISTORY, shard, part.node(), part.bytes()))
            .toList();
    return sent.getFirst();
  }

  /**
   * Where the node stands once the transaction is committed.
   *
   * @param commit the place of the commit's first part
   */
  default NodePosition position(
      Optional<NodePosition> before, Future<RecordMetadata> commit, long nowMicros)
      throws ExecutionException, InterruptedException {
    var offset = commit.get().offset();
    var marker = after().marker().orElseThrow();
    var snapshot = isSnapshot(before);
    return new NodePosition(
        marker.number(),
        marker.digest(),
        marker.records(),
        marker.compiledMicros(),
        offset,
        snapshot ? offset : before.orElseThrow().snapshot(),
        snapshot ? 0 : before.orElseThrow().sinceSnapshot() + 1,
        snapshot ? nowMicros : before.orElseThrow().snapshotMicros());
  }
}
