package io.portcullis.watcher.publish;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Synced;
import io.portcullis.json.Json;
import io.portcullis.sighting.Problem;
import io.portcullis.topic.ShardContent;
import io.portcullis.topic.TopicContent;
import io.portcullis.topic.Topics;
import io.portcullis.topic.Transaction;
import io.portcullis.watcher.source.SourceState;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the cluster topic equal to the source. The worker's thread alone uses it. */
public final class ClusterContent implements ShardContent {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterContent.class);
  private static final ShardTopic TOPIC = new ShardTopic(Topics.cluster(), 0, Kind.COMPACTED);
  private static final Duration BETWEEN_HEARTBEATS = Duration.ofSeconds(5);

  private final Input input;
  private final LongSupplier clockMicros;
  private final Published listener;
  private final PublishedCluster published = new PublishedCluster();
  private final PendingChanges pending;
  private final KnownKinds kinds;

  /**
   * What is to be published.
   *
   * @param sourceName the kind of source, as the topic names it
   */
  public record Input(String sourceName, SourceState state, SourceRecheck recheck) {}

  /**
   * Makes the content of a topic that is not restored yet.
   *
   * @param listener hears what is in the topic
   */
  public ClusterContent(Input input, LongSupplier clockMicros, Published listener) {
    this.input = input;
    this.clockMicros = clockMicros;
    this.listener = listener;
    this.pending = new PendingChanges(input.state(), published);
    this.kinds = new KnownKinds(input.state(), published);
  }

  @Override
  public Collection<ShardTopic> topics() {
    return input.state().isWhole() ? List.of(TOPIC) : List.of();
  }

  @Override
  public Restored restored(ShardTopic topic, TopicContent content) {
    return () -> {
      forget();
      published.restore(content);
      published
          .objects()
          .forEach(object -> listener.at(object, content.topicId(), content.position()));
      return true;
    };
  }

  @Override
  public void forget() {
    listener.forgotten();
    published.forget();
    pending.forget();
  }

  /** Another process may have written; see {@link SourceRecheck}. */
  @Override
  public void released() {
    forget();
    input.recheck().require();
  }

  /** Takes in what the source has shown, if it can be written. */
  public void catchUp() {
    if (published.isKnown() && !input.recheck().isPending()) {
      pending.catchUp(clockMicros.getAsLong());
    }
  }

  /**
   * Returns all published objects; empty while this process does not know them, or has still to
   * write what the source shows.
   */
  public Optional<Map<ObjectKey, ClusterObject>> settled() {
    var isSettled =
        published.isKnown()
            && !input.recheck().isPending()
            && pending.isCaughtUp()
            && pending.isLastBatch()
            && pending.batch().isEmpty();
    return isSettled ? Optional.of(published.byKey()) : Optional.empty();
  }

  /** Returns one problem for each object that no record can hold. */
  public List<Problem> tooLarge() {
    return pending.tooLarge();
  }

  /** Tells whether it is known which objects are published. */
  public boolean isKnown() {
    return published.isKnown();
  }

  /** Returns what operators must know of kinds that cannot be read, or are gone. */
  public List<KindReport> kindReports() {
    return kinds.reports();
  }

  /** Returns how long until the topic must be told again that it is complete. */
  public Duration untilHeartbeat() {
    var since = clockMicros.getAsLong() - published.syncedMicros();
    return BETWEEN_HEARTBEATS.minus(since, ChronoUnit.MICROS);
  }

  @Override
  public void late() {
    pending.late();
  }

  @Override
  public Optional<Difference> difference() {
    if (input.recheck().isPending() || !pending.isCaughtUp()) {
      return Optional.empty();
    }
    var now = clockMicros.getAsLong();
    var isSyncedDue =
        pending.isLastBatch()
            && (!published.isSynced() || isHeartbeatDue(now) || isOtherThanSynced());
    if (pending.batch().isEmpty() && !isSyncedDue) {
      return Optional.empty();
    }
    return Optional.of(
        new Publication(
            pending.batch(), isSyncedDue ? Optional.of(synced(now)) : Optional.empty()));
  }

  private boolean isHeartbeatDue(long nowMicros) {
    return input.state().lost().isEmpty()
        && nowMicros - published.syncedMicros() >= BETWEEN_HEARTBEATS.toNanos() / 1_000;
  }

  private boolean isOtherThanSynced() {
    return input.state().lost().isEmpty() && !kinds.byName().equals(published.kinds());
  }

  private Synced synced(long nowMicros) {
    var counts =
        input.state().sightings().keySet().stream()
            .collect(Collectors.groupingBy(ObjectKey::kind, Collectors.summingInt(_ -> 1)));
    return new Synced(published.topicId(), input.sourceName(), counts, nowMicros, kinds.byName());
  }

  /** One transaction writes a batch and, when it is time, that the topic is complete. */
  private final class Publication implements Difference {
    private final List<Change> changes;
    private final Optional<Synced> synced;
    private final Map<ObjectKey, Future<RecordMetadata>> written = new HashMap<>();

    private Publication(List<Change> changes, Optional<Synced> synced) {
      this.changes = changes;
      this.synced = synced;
    }

    @Override
    public void write(Transaction transaction) {
      var topic = TOPIC.spec().name();
      for (var change : changes) {
        switch (change) {
          case Change.Put(var object, var value) ->
              written.put(object.key(), transaction.put(topic, 0, object.key().toString(), value));
          case Change.Remove(var key, var origin) ->
              transaction.remove(topic, 0, key.toString(), origin);
          case Change.RemoveUnreadable(var key) -> transaction.remove(topic, 0, key);
        }
      }
      synced.ifPresent(record -> transaction.put(topic, 0, Synced.KEY, Json.bytes(record)));
    }

    @Override
    public void committed() {
      pending.committed();
      for (var change : changes) {
        published.take(change);
        switch (change) {
          case Change.Put(var object, _) ->
              listener.at(object, published.topicId(), offset(object.key()) + 1);
          case Change.Remove(var key, _) -> listener.gone(key);
          case Change.RemoveUnreadable _ -> {}
        }
      }
      synced.ifPresent(published::synced);
      if (!changes.isEmpty()) {
        LOG.info("published {} changes", changes.size());
      }
    }

    private long offset(ObjectKey key) {
      return written.get(key).resultNow().offset();
    }
  }
}
