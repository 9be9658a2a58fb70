package io.portcullis.watcher.publish;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.json.Json;
import io.portcullis.sighting.DesiredObjects;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Severity;
import io.portcullis.sighting.Sighting;
import io.portcullis.topic.Topics;
import io.portcullis.watcher.source.SourceState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what must be written so that the cluster topic equals the source, one transaction's batch
 * at a time. Only objects that may differ are compared.
 */
final class PendingChanges {
  private static final Logger LOG = LoggerFactory.getLogger(PendingChanges.class);

  /** The most changes in one transaction, and how few brokers that are slow get at least. */
  private static final int LARGEST_BATCH = 5_000;

  private static final int SMALLEST_BATCH = 50;

  private final SourceState source;
  private final PublishedCluster published;
  private final SortedSet<ObjectKey> unchecked = new TreeSet<>();
  private final SortedMap<ObjectKey, Problem> tooLarge = new TreeMap<>();
  private int batchSize = LARGEST_BATCH;
  private List<Change> batch = List.of();
  private Set<ObjectKey> batchKeys = Set.of();

  /** The source's count of changes that is taken in; empty when any object may differ. */
  private Optional<Long> upTo = Optional.empty();

  PendingChanges(SourceState source, PublishedCluster published) {
    this.source = source;
    this.published = published;
  }

  /** Takes in that nothing is known of the topic any more. */
  void forget() {
    unchecked.clear();
    batch = List.of();
    batchKeys = Set.of();
    upTo = Optional.empty();
  }

  /**
   * Compares what the source has changed, and prepares the next batch.
   *
   * @param nowMicros the time of removals
   */
  void catchUp(long nowMicros) {
    if (isCaughtUp() && (!batch.isEmpty() || unchecked.isEmpty())) {
      return;
    }
    takeChangedKeys();
    prepareBatch(nowMicros);
  }

  private void takeChangedKeys() {
    if (isCaughtUp()) {
      return;
    }
    var changed = upTo.flatMap(source::changedSince);
    if (changed.isPresent()) {
      unchecked.addAll(changed.get());
      unchecked.addAll(batchKeys);
    } else {
      tooLarge.clear();
      unchecked.addAll(source.sightings().keySet());
      unchecked.addAll(published.keys());
    }
    upTo = Optional.of(source.changes());
    source.forgetChangesUntil(source.changes());
  }

  private void prepareBatch(long nowMicros) {
    var changes = new ArrayList<Change>();
    var keys = new HashSet<ObjectKey>();
    while (!unchecked.isEmpty() && changes.size() < batchSize) {
      var key = unchecked.removeFirst();
      compare(key, nowMicros)
          .ifPresent(
              change -> {
                changes.add(change);
                keys.add(key);
              });
    }
    if (unchecked.isEmpty()) {
      var put = keys.stream().map(ObjectKey::toString).collect(Collectors.toSet());
      published.unreadableKeys().stream()
          .filter(key -> !put.contains(key))
          .forEach(key -> changes.add(new Change.RemoveUnreadable(key)));
    }
    batch = List.copyOf(changes);
    batchKeys = Set.copyOf(keys);
  }

  private Optional<Change> compare(ObjectKey key, long nowMicros) {
    tooLarge.remove(key);
    var is = published.object(key);
    if (source.isFrozen(key) && (is.isPresent() || published.isSynced())) {
      return Optional.empty(); // what another watcher has published may be newer than what is seen
    }
    var sighting = Optional.ofNullable(source.sightings().get(key));
    var wanted = DesiredObjects.one(is, sighting, source.unreadable());
    if (wanted.equals(is)) {
      sighting.flatMap(Sighting::valid).ifPresent(published::share);
      return Optional.empty();
    }
    return wanted.isPresent()
        ? put(wanted.get())
        : is.map(object -> new Change.Remove(key, Json.bytes(object.origin().seenAt(nowMicros))));
  }

  private Optional<Change> put(ClusterObject object) {
    var value = Json.bytes(object);
    if (value.length <= Topics.LARGEST_RECORD) {
      return Optional.of(new Change.Put(object, value));
    }
    var problem =
        new Problem(
            object.origin().source(),
            object.key().display(),
            "",
            "Too large: %d bytes, at most %d pass; split it"
                .formatted(value.length, Topics.LARGEST_RECORD),
            Severity.ERROR);
    LOG.error(problem.text());
    tooLarge.put(object.key(), problem);
    return Optional.empty();
  }

  /** Takes in that the batch is committed. */
  void committed() {
    batch = List.of();
    batchKeys = Set.of();
    batchSize = Math.min(LARGEST_BATCH, batchSize * 2);
  }

  /** Takes in that the brokers did not take the batch in time; the next one is smaller. */
  void late() {
    if (!batchKeys.isEmpty()) {
      unchecked.addAll(batchKeys);
      batch = List.of();
      batchKeys = Set.of();
    }
    batchSize = Math.max(SMALLEST_BATCH, batchSize / 2);
  }

  /** Returns whether all that the source has shown is taken in. */
  boolean isCaughtUp() {
    return upTo.equals(Optional.of(source.changes()));
  }

  /** Returns whether nothing is left to compare after this batch. */
  boolean isLastBatch() {
    return unchecked.isEmpty();
  }

  /** Returns what the next transaction is to write. */
  List<Change> batch() {
    return batch;
  }

  /** Returns one problem for each object that no record can hold. */
  List<Problem> tooLarge() {
    return List.copyOf(tooLarge.values());
  }
}
