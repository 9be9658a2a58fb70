package io.portcullis.compiler.publish;

import io.portcullis.compiler.versions.Versioned;
import io.portcullis.history.Commit;
import io.portcullis.history.NodePosition;
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
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.RecordMetadata;

/** The part of a transaction that is one node's or one wide set's. */
sealed interface NodeVersion {
  /** Members are most of all records. */
  int BYTES_OF_A_RECORD = 100;

  /** A snapshot of so many records is worth one commit more before it. */
  int RECORDS_PER_COMMIT = 250;

  /** Each is read at its own place, a millisecond or two. */
  int MOST_COMMITS = 300;

  /** Changed ones that are read in no time. */
  int FEW_RECORDS = 5_000;

  Versioned unit();

  /** What its topic holds once the transaction is committed. */
  PublishedVersion after();

  /** Sends the node's records and the commit; returns the place of the commit's first part. */
  Future<RecordMetadata> write(Transaction transaction, int shard, Optional<NodePosition> before);

  /** What its records take, in bytes, about. */
  long size();

  /** How many records of the node's topic it changes. */
  int changed();

  /** Whether its commit holds all of the rule set. */
  boolean isSnapshot(Optional<NodePosition> before);

  /**
   * A new version.
   *
   * @param commitsPerSnapshot after so many commits it is committed as all that it holds
   */
  record Changed(
      Versioned unit,
      PublishedVersion before,
      RuleSetChange change,
      PublishedVersion after,
      int commitsPerSnapshot)
      implements NodeVersion {

    static Changed of(
        Versioned unit,
        PublishedVersion before,
        RuleSetChange change,
        RuleSet rules,
        Marker marker,
        int commitsPerSnapshot) {
      var complete = marker.with(new Marker.Content(rules, before.topicId()));
      var after =
          new PublishedVersion(before.topicId(), rules, Optional.of(complete), new TreeSet<>());
      return new Changed(unit, before, change, after, commitsPerSnapshot);
    }

    @Override
    public long size() {
      return 2L * changed() * BYTES_OF_A_RECORD;
    }

    @Override
    public int changed() {
      return change.puts().size() + change.removals().size();
    }

    /**
     * To rebuild a version, the snapshot and what changed since are read, each commit at its own
     * place: both are bounded, and large snapshots come rarely. What is not a change of the version
     * that history ends with is a snapshot: a wide set that comes back, a topic that was lost.
     */
    @Override
    public boolean isSnapshot(Optional<NodePosition> position) {
      var records = after.rules().size();
      var commits = Math.clamp(records / RECORDS_PER_COMMIT, commitsPerSnapshot, mostCommits());
      return position
          .filter(NodePosition::hasHistory)
          .filter(p -> p.digest().equals(before.rules().digest().hex()))
          .filter(p -> p.sinceSnapshot() < commits)
          .filter(p -> p.recordsSinceSnapshot() < Math.max(records / 2, FEW_RECORDS))
          .isEmpty();
    }

    private int mostCommits() {
      return Math.max(commitsPerSnapshot, MOST_COMMITS);
    }

    @Override
    public Future<RecordMetadata> write(
        Transaction transaction, int shard, Optional<NodePosition> position) {
      var topic = unit.topic().name();
      var partition = unit.partition();
      change
          .puts()
          .forEach((key, item) -> transaction.put(topic, partition, key, NodeRecords.bytes(item)));
      var removals = new TreeSet<>(before.alien());
      removals.removeAll(change.puts().keySet());
      removals.addAll(change.removals().keySet());
      removals.forEach(key -> transaction.remove(topic, partition, key));
      var marker = after.marker().orElseThrow();
      transaction.put(topic, partition, unit.markerKey(), Json.bytes(marker));
      var previous = position.map(NodePosition::commit).orElse(Commit.NONE);
      var snapshot = position.map(NodePosition::snapshot).orElse(Commit.NONE);
      return send(
          transaction,
          shard,
          isSnapshot(position)
              ? Commit.snapshot(unit.name(), marker, after.rules(), previous, snapshot)
              : Commit.changes(unit.name(), marker, change, previous, snapshot));
    }
  }

  /** The present version once more, as history has it no longer or will soon lose it. */
  record Kept(Versioned unit, PublishedVersion after) implements NodeVersion {
    @Override
    public long size() {
      return (long) after.rules().size() * BYTES_OF_A_RECORD;
    }

    @Override
    public int changed() {
      return 0;
    }

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
              unit.name(),
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
   * @param commit offset of the commit's first part, or of one before it
   */
  default NodePosition position(Optional<NodePosition> before, long commit, long nowMicros) {
    var marker = after().marker().orElseThrow();
    var snapshot = isSnapshot(before);
    return new NodePosition(
        marker.number(),
        marker.digest(),
        marker.content().records(),
        marker.compiledMicros(),
        commit,
        snapshot ? commit : before.orElseThrow().snapshot(),
        snapshot ? 0 : before.orElseThrow().sinceSnapshot() + 1,
        snapshot ? 0 : before.orElseThrow().recordsSinceSnapshot() + changed(),
        snapshot ? nowMicros : before.orElseThrow().snapshotMicros(),
        Optional.empty());
  }
}
