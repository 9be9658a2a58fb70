package io.portcullis.watcher.publish;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.Interner;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Synced;
import io.portcullis.json.Json;
import io.portcullis.sighting.DesiredObjects;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Severity;
import io.portcullis.sighting.Sighting;
import io.portcullis.topic.ShardContent;
import io.portcullis.topic.TopicContent;
import io.portcullis.topic.Topics;
import io.portcullis.topic.Transaction;
import io.portcullis.watcher.source.SourceState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The cluster topic as the source wants it. The worker's thread alone uses it. */
public final class ClusterContent implements ShardContent {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterContent.class);
  private static final ShardTopic TOPIC = new ShardTopic(Topics.cluster(), 0, Kind.COMPACTED);
  private static final Duration BETWEEN_BEATS = Duration.ofSeconds(5);

  /** So many objects go into one transaction. */
  private static final int CHUNK = 5_000;

  private final String sourceName;
  private final SourceState source;
  private final LongSupplier clockMicros;
  private final Published told;
  private final SortedMap<ObjectKey, ClusterObject> published = new TreeMap<>();

  /** Keys of the topic whose records cannot be read. */
  private final List<String> alien = new ArrayList<>();

  private final SortedMap<ObjectKey, Problem> tooLarge = new TreeMap<>();
  private final Interner sharing = new Interner();
  private String topicId = "";
  private boolean synced;
  private long beatMicros;
  private long equalTo = -1;
  private long doubts;
  private OptionalLong doubt = OptionalLong.empty();

  /**
   * @param told what is in the topic
   */
  public ClusterContent(
      String sourceName, SourceState source, LongSupplier clockMicros, Published told) {
    this.told = told;
    this.sourceName = sourceName;
    this.source = source;
    this.clockMicros = clockMicros;
  }

  @Override
  public Collection<ShardTopic> topics() {
    return source.isWhole() ? List.of(TOPIC) : List.of();
  }

  @Override
  public Restored restored(ShardTopic topic, TopicContent content) {
    return () -> {
      forget();
      topicId = content.topicId();
      content.values().forEach(this::restoredObject);
      published.values().forEach(object -> told.at(object, topicId, content.position()));
      return true;
    };
  }

  private void restoredObject(String key, byte[] value) {
    try {
      if (key.equals(Synced.KEY)) {
        synced = Json.read(value, Synced.class).topicId().equals(topicId);
        return;
      }
      var object = Json.read(value, ClusterObject.class);
      published.put(ObjectKey.parse(key), sharing.shared(object));
    } catch (IllegalArgumentException e) {
      LOG.error("portcullis.cluster: {}: {}; it is written again", key, e.getMessage());
      alien.add(key);
    }
  }

  @Override
  public void forget() {
    told.forgotten();
    published.clear();
    alien.clear();
    topicId = "";
    synced = false;
    beatMicros = 0;
    equalTo = -1;
  }

  /**
   * Another may have published meanwhile what it saw, and the source be behind that: nothing is
   * written before it was looked at again.
   */
  @Override
  public void released() {
    forget();
    doubt = OptionalLong.of(++doubts);
  }

  /** Which look at the source is wanted before anything is written; none if it is known. */
  public OptionalLong doubt() {
    return doubt;
  }

  /** That look was taken. */
  public void settle(long ofDoubt) {
    if (ofDoubt == doubts) {
      doubt = OptionalLong.empty();
    }
  }

  /** Objects that no record can hold. */
  public List<Problem> tooLarge() {
    return List.copyOf(tooLarge.values());
  }

  @Override
  public Optional<Difference> difference() {
    if (doubt.isPresent()) {
      return Optional.empty();
    }
    var now = clockMicros.getAsLong();
    var changes = equalTo == source.changes() ? Map.<String, Change>of() : changes(now);
    if (changes.size() > CHUNK) {
      return Optional.of(new Publication(firstOf(changes), false, now));
    }
    var beatDue = now - beatMicros >= BETWEEN_BEATS.toNanos() / 1_000 && source.lost().isEmpty();
    if (changes.isEmpty() && synced && !beatDue) {
      equalTo = source.changes();
      return Optional.empty();
    }
    return Optional.of(new Publication(changes, !synced || beatDue, now));
  }

  private static Map<String, Change> firstOf(Map<String, Change> changes) {
    var first = new LinkedHashMap<String, Change>();
    changes.entrySet().stream().limit(CHUNK).forEach(c -> first.put(c.getKey(), c.getValue()));
    return first;
  }

  /** What is put under a key, or taken away. */
  private sealed interface Change {
    record Put(ClusterObject object, byte[] value) implements Change {}

    record Removed(ObjectKey key, byte[] origin) implements Change {}

    record Alien() implements Change {}
  }

  private Map<String, Change> changes(long now) {
    var changes = new LinkedHashMap<String, Change>();
    alien.forEach(key -> changes.put(key, new Change.Alien()));
    var changed = equalTo < 0 ? Optional.<Set<ObjectKey>>empty() : source.since(equalTo);
    if (changed.isEmpty()) {
      tooLarge.clear(); // those that are gone too
    }
    for (var key : changed.orElseGet(this::allKeys)) {
      change(key, now).ifPresent(change -> changes.put(key.toString(), change));
    }
    return changes;
  }

  private Set<ObjectKey> allKeys() {
    var keys = new TreeSet<>(source.sightings().keySet());
    keys.addAll(published.keySet());
    return keys;
  }

  private Optional<Change> change(ObjectKey key, long now) {
    tooLarge.remove(key);
    var is = Optional.ofNullable(published.get(key));
    var sighting = Optional.ofNullable(source.sightings().get(key));
    var wanted = DesiredObjects.one(is, sighting, source.unreadable());
    if (wanted.equals(is)) {
      share(is, sighting);
      return Optional.empty();
    }
    return wanted.isPresent()
        ? put(wanted.get())
        : Optional.of(new Change.Removed(key, Json.bytes(is.orElseThrow().origin().seenAt(now))));
  }

  /** What says the same is kept once: most of a large cluster, after a restart. */
  private void share(Optional<ClusterObject> is, Optional<Sighting> sighting) {
    if (is.isPresent()
        && sighting.orElse(null) instanceof Sighting.Valid(var seen)
        && seen.sameButForTime(is.get())) {
      published.put(seen.key(), seen.withOrigin(is.get().origin()));
    }
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

  private Map<String, Integer> countsByKind() {
    return source.sightings().keySet().stream()
        .collect(Collectors.groupingBy(ObjectKey::kind, Collectors.summingInt(_ -> 1)));
  }

  /** One transaction: objects, and, when it is time, that they are whole. */
  private final class Publication implements Difference {
    private final Map<String, Change> changes;
    private final boolean withSynced;
    private final Map<String, Integer> counts;
    private final long now;
    private final Map<ObjectKey, Future<RecordMetadata>> places = new HashMap<>();

    private Publication(Map<String, Change> changes, boolean withSynced, long now) {
      this.changes = changes;
      this.withSynced = withSynced;
      this.counts = withSynced ? countsByKind() : Map.of();
      this.now = now;
    }

    @Override
    public void write(Transaction transaction) {
      var topic = TOPIC.spec().name();
      changes.forEach(
          (key, change) -> {
            switch (change) {
              case Change.Put(var object, var value) ->
                  places.put(object.key(), transaction.put(topic, 0, key, value));
              case Change.Removed(_, var origin) -> transaction.remove(topic, 0, key, origin);
              case Change.Alien() -> transaction.remove(topic, 0, key);
            }
          });
      if (withSynced) {
        transaction.put(
            topic,
            0,
            Synced.KEY,
            Json.bytes(new Synced(topicId, sourceName, counts, clockMicros.getAsLong())));
      }
    }

    @Override
    public void committed() {
      changes.forEach(
          (key, change) -> {
            switch (change) {
              case Change.Put(var object, _) -> {
                published.put(object.key(), object);
                told.at(object, topicId, places.get(object.key()).resultNow().offset() + 1);
              }
              case Change.Removed(var removed, _) -> {
                published.remove(removed);
                told.gone(removed);
              }
              case Change.Alien() -> alien.remove(key);
            }
          });
      if (withSynced) {
        synced = true;
        beatMicros = now;
      }
      if (!changes.isEmpty()) {
        LOG.info("published {} changes", changes.size());
      }
    }
  }
}
