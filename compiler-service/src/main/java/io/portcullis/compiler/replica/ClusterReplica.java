package io.portcullis.compiler.replica;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.cluster.Synced;
import io.portcullis.json.Json;
import io.portcullis.retry.Outage;
import io.portcullis.ruleset.Marker.Cause;
import io.portcullis.topic.TopicContent;
import io.portcullis.topic.TopicFollower.Change;
import io.portcullis.topic.TopicFollower.Reading;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of the cluster: every record of the cluster topic up to a position. It is
 * <i>whole</i> once the watcher has said so of this incarnation of the topic ({@link Synced}), and
 * only then may anything be compiled from it. One thread uses it.
 */
public final class ClusterReplica {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterReplica.class);
  private static final int KEPT_CAUSES = 1_000;

  /** Of all objects that there are. */
  private final Set<ObjectKey> keys = new HashSet<>();

  /** What changed and was not taken yet: the newest form of objects, or that there is none. */
  private Map<ObjectKey, Optional<ClusterObject>> changed = new LinkedHashMap<>();

  private final SortedMap<String, String> unreadable = new TreeMap<>();
  private final Deque<PlacedCause> causes = new ArrayDeque<>();
  private String topicId = "";
  private long position;
  private long changes;
  private Optional<Synced> synced = Optional.empty();
  private final Outage outage = new Outage("not read yet");

  private record PlacedCause(long offset, Cause cause) {}

  /** Whether what was read can be gone on from. */
  public enum Outcome {
    CONTINUE,
    /** The topic was made anew: it must be read from its beginning. */
    RESTORE
  }

  /** Takes in what came. */
  public Outcome apply(Reading reading) {
    return switch (reading) {
      case Reading.Nothing _ -> {
        outage.end();
        yield Outcome.CONTINUE;
      }
      case Reading.Unavailable(var reason) -> {
        unavailable(reason);
        yield Outcome.CONTINUE;
      }
      case Reading.Gone(var reason) -> {
        unavailable(reason);
        synced = Optional.empty(); // what is known may be told by nobody any more
        yield Outcome.CONTINUE;
      }
      case Reading.Restored(var content) -> restored(content);
      case Reading.Changes(var list, var end) -> changed(list, end);
    };
  }

  private void unavailable(String reason) {
    outage.report(
        reason,
        why -> LOG.warn("the cluster's topic cannot be read, what is compiled stays: {}", why));
  }

  private Outcome restored(TopicContent content) {
    for (var key : keys) {
      changed.put(key, Optional.empty()); // those that are there still come again
    }
    keys.clear();
    unreadable.clear();
    causes.clear();
    synced = Optional.empty();
    topicId = content.topicId();
    position = content.position();
    outage.end();
    touch();
    for (var item : content.values().entrySet()) {
      if (item.getKey().equals(Synced.KEY)) {
        readSynced(item.getValue());
      } else {
        restoredObject(item.getKey(), item.getValue());
      }
    }
    if (synced.isPresent() && !synced.get().topicId().equals(topicId)) {
      synced = Optional.empty(); // said of an incarnation that is gone
    }
    return Outcome.CONTINUE;
  }

  private void restoredObject(String key, byte[] value) {
    try {
      put(key, value);
    } catch (IllegalArgumentException e) {
      report(key, e.getMessage());
    }
  }

  private Outcome changed(List<Change> list, long end) {
    outage.end();
    for (var change : list) {
      if (change.key().equals(Synced.KEY)) {
        change.value().ifPresent(this::readSynced);
        continue;
      }
      touch();
      try {
        change
            .value()
            .ifPresentOrElse(value -> changedObject(change, value), () -> removedObject(change));
      } catch (IllegalArgumentException e) {
        report(change.key(), e.getMessage());
      }
    }
    position = end;
    if (synced.isPresent() && !synced.get().topicId().equals(topicId)) {
      LOG.warn("topic portcullis.cluster was made anew, restoring");
      synced = Optional.empty();
      return Outcome.RESTORE;
    }
    return Outcome.CONTINUE;
  }

  private void changedObject(Change change, byte[] value) {
    remember(change, put(change.key(), value).origin(), false);
  }

  private void removedObject(Change change) {
    unreadable.remove(change.key());
    var origin =
        change
            .origin()
            .map(bytes -> Json.read(bytes, Origin.class))
            .orElse(new Origin("", "", 0, change.timestampMillis() * 1_000));
    var key = ObjectKey.parse(change.key());
    if (keys.remove(key)) {
      changed.put(key, Optional.empty());
      remember(change, origin, true);
    }
  }

  private void remember(Change change, Origin origin, boolean removed) {
    causes.addLast(
        new PlacedCause(
            change.offset(),
            new Cause(
                change.key(),
                origin.source(),
                origin.seenMicros(),
                change.timestampMillis() * 1_000,
                removed)));
    if (causes.size() > KEPT_CAUSES) {
      causes.removeFirst();
    }
  }

  private ClusterObject put(String key, byte[] value) {
    var object = Json.read(value, ClusterObject.class);
    if (!object.key().toString().equals(key)) {
      throw new IllegalArgumentException("it says of itself that it is " + object.key());
    }
    keys.add(object.key());
    changed.put(object.key(), Optional.of(object));
    unreadable.remove(key);
    return object;
  }

  private void report(String key, String reason) {
    unreadable.put(key, reason);
    LOG.error("portcullis.cluster: {}: {}; its earlier form counts", key, reason);
  }

  private void readSynced(byte[] value) {
    try {
      synced = Optional.of(Json.read(value, Synced.class));
    } catch (IllegalArgumentException e) {
      report(Synced.KEY, e.getMessage());
    }
  }

  private void touch() {
    changes++;
  }

  /** What was read cannot be used: it is not whole until it is read again. */
  public void discard() {
    synced = Optional.empty();
  }

  /** Whether the source was read to its end, as far as this incarnation of the topic tells. */
  public boolean whole() {
    return synced.isPresent();
  }

  /** What changed since it was last taken: the present form of objects, or that there is none. */
  public Map<ObjectKey, Optional<ClusterObject>> takeChanged() {
    var taken = changed;
    changed = new LinkedHashMap<>();
    return taken;
  }

  /** Grows with every change of the cluster. */
  public long changes() {
    return changes;
  }

  public String topicId() {
    return topicId;
  }

  /** The offset of the next record. */
  public long position() {
    return position;
  }

  /** The watcher's clock at its newest beat, microseconds since 1970; 0 before the first. */
  public long beatMicros() {
    return synced.map(Synced::clockMicros).orElse(0L);
  }

  /** What changed from an offset on, oldest first; the newest thousand changes are known. */
  public List<Cause> causesFrom(long offset) {
    return causes.stream().filter(c -> c.offset() >= offset).map(PlacedCause::cause).toList();
  }

  /** Records that could not be read, with the reason, by key. */
  public Map<String, String> unreadable() {
    return Collections.unmodifiableSortedMap(new TreeMap<>(unreadable));
  }

  /** Why the topic cannot be read now. */
  public Optional<String> unavailable() {
    return outage.reason();
  }
}
