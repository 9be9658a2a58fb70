package io.portcullis.compiler.publish;

import io.portcullis.compiler.versions.Versioned;
import io.portcullis.history.Commit;
import io.portcullis.history.NodePosition;
import io.portcullis.json.Json;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.NodeRecords;
import io.portcullis.ruleset.RuleSetChange;
import io.portcullis.topic.Topics;
import io.portcullis.topic.Transaction;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.RecordMetadata;

/** What one transaction writes of one node or one wide set. */
sealed interface VersionWrite {
  /** The members of sets are most of all records. */
  int BYTES_PER_RECORD = 100;

  /** A snapshot of this many records is worth one more commit before it. */
  int RECORDS_PER_COMMIT = 250;

  /** Rebuilding reads each commit at its own place, which takes a millisecond or two. */
  int MAX_COMMITS = 300;

  /** This many changed records are read in no time. */
  int FEW_RECORDS = 5_000;

  Versioned unit();

  /** Returns about how many bytes the records take. */
  long size();

  /**
   * Sends the records.
   *
   * @param before where the node stands in history before
   * @return where the first part of the commit stands; absent: there is no commit
   */
  Optional<Future<RecordMetadata>> write(Transaction transaction, Optional<NodePosition> before);

  /**
   * Returns where the node stands in history after the transaction.
   *
   * @param commit the offset of the commit's first part, or an offset before it
   * @return absent: history has no such node
   */
  Optional<NodePosition> position(Optional<NodePosition> before, long commit, long nowMicros);

  /**
   * A new version.
   *
   * @param minCommits how many commits a snapshot lasts at least
   */
  record Changed(
      Versioned unit,
      PublishedVersion before,
      RuleSetChange change,
      PublishedVersion after,
      int minCommits)
      implements VersionWrite {

    @Override
    public long size() {
      return 2L * changedRecords() * BYTES_PER_RECORD;
    }

    private int changedRecords() {
      return change.puts().size() + change.removals().size();
    }

    /**
     * Tells whether the commit holds the whole rule set. To rebuild a version, a reader reads a
     * snapshot and each commit since, so both are bounded, and large snapshots are rare. If history
     * does not end with the version before this one, the commit is a snapshot: a wide set came
     * back, or a topic was lost.
     */
    private boolean isSnapshot(Optional<NodePosition> position) {
      var records = after.rules().size();
      var maxCommits = Math.max(minCommits, MAX_COMMITS);
      var commits = Math.clamp(records / RECORDS_PER_COMMIT, minCommits, maxCommits);
      return position
          .filter(NodePosition::hasHistory)
          .filter(p -> p.digest().equals(before.rules().digest().hex()))
          .filter(p -> p.sinceSnapshot() < commits)
          .filter(p -> p.recordsSinceSnapshot() < Math.max(records / 2, FEW_RECORDS))
          .isEmpty();
    }

    @Override
    public Optional<Future<RecordMetadata>> write(
        Transaction transaction, Optional<NodePosition> position) {
      var topic = unit.topic().name();
      var partition = unit.partition();
      change
          .puts()
          .forEach((key, item) -> transaction.put(topic, partition, key, NodeRecords.bytes(item)));
      var removals = new TreeSet<>(before.unreadable());
      removals.removeAll(change.puts().keySet());
      removals.addAll(change.removals().keySet());
      removals.forEach(key -> transaction.remove(topic, partition, key));
      var marker = after.marker().orElseThrow();
      transaction.put(topic, partition, unit.markerKey(), Json.bytes(marker));
      var previous = position.map(NodePosition::commit).orElse(Commit.NONE);
      var snapshot = position.map(NodePosition::snapshot).orElse(Commit.NONE);
      return send(
          transaction,
          unit,
          isSnapshot(position)
              ? Commit.snapshot(unit.name(), marker, after.rules(), previous, snapshot)
              : Commit.changes(unit.name(), marker, change, previous, snapshot));
    }

    @Override
    public Optional<NodePosition> position(
        Optional<NodePosition> position, long commit, long nowMicros) {
      var marker = after.marker().orElseThrow();
      if (isSnapshot(position)) {
        return Optional.of(atSnapshot(marker, commit, nowMicros));
      }
      var last = position.orElseThrow();
      return Optional.of(
          new NodePosition(
              marker.number(),
              marker.digest(),
              marker.content().records(),
              marker.compiledMicros(),
              commit,
              last.snapshot(),
              last.sinceSnapshot() + 1,
              last.recordsSinceSnapshot() + changedRecords(),
              last.snapshotMicros(),
              Optional.empty()));
    }
  }

  /** The present version committed again, because history lacks it or will lose it soon. */
  record Kept(Versioned unit, PublishedVersion version) implements VersionWrite {
    @Override
    public long size() {
      return (long) version.rules().size() * BYTES_PER_RECORD;
    }

    @Override
    public Optional<Future<RecordMetadata>> write(
        Transaction transaction, Optional<NodePosition> position) {
      return send(
          transaction,
          unit,
          Commit.snapshot(
              unit.name(),
              version.marker().orElseThrow(),
              version.rules(),
              position.map(NodePosition::commit).orElse(Commit.NONE),
              position.map(NodePosition::snapshot).orElse(Commit.NONE)));
    }

    @Override
    public Optional<NodePosition> position(
        Optional<NodePosition> position, long commit, long nowMicros) {
      return Optional.of(atSnapshot(version.marker().orElseThrow(), commit, nowMicros));
    }
  }

  /**
   * The end of a set that is wide no longer: the nodes that need it have it in their own topics.
   * Readers can still ask for its versions in history.
   *
   * @param before what the topic holds of it
   * @param since when this happened
   */
  record Withdrawn(Versioned unit, PublishedVersion before, NodePosition.Gone since)
      implements VersionWrite {
    @Override
    public long size() {
      return (long) before.rules().size() * BYTES_PER_RECORD;
    }

    @Override
    public Optional<Future<RecordMetadata>> write(
        Transaction transaction, Optional<NodePosition> position) {
      before.rules().records().keySet().forEach(key -> remove(transaction, key));
      before.unreadable().forEach(key -> remove(transaction, key));
      before.marker().ifPresent(_ -> remove(transaction, unit.markerKey()));
      return Optional.empty();
    }

    private void remove(Transaction transaction, String key) {
      transaction.remove(unit.topic().name(), unit.partition(), key);
    }

    @Override
    public Optional<NodePosition> position(
        Optional<NodePosition> position, long commit, long nowMicros) {
      return position.map(last -> last.with(since));
    }
  }

  private static Optional<Future<RecordMetadata>> send(
      Transaction transaction, Versioned unit, List<Commit> parts) {
    var sent =
        parts.stream()
            .map(part -> transaction.put(Topics.HISTORY, unit.shard(), part.node(), part.bytes()))
            .toList();
    return Optional.of(sent.getFirst());
  }

  private static NodePosition atSnapshot(Marker marker, long commit, long nowMicros) {
    return new NodePosition(
        marker.number(),
        marker.digest(),
        marker.content().records(),
        marker.compiledMicros(),
        commit,
        commit,
        0,
        0,
        nowMicros,
        Optional.empty());
  }
}
