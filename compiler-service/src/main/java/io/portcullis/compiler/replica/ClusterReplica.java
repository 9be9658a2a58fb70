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
 * A replica of the cluster: all records of the cluster topic up to a position. It is <i>whole</i>
 * once the watcher has written so in this incarnation of the topic ({@link Synced}). Only then may
 * anything be compiled from it. Only the loop's thread uses it.
 */
public final class ClusterReplica {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterReplica.class);
  private static final int MAX_CAUSES = 1_000;

  /** The keys of all objects. */
  private final Set<ObjectKey> keys = new HashSet<>();

  /** The changes that have not been taken: the newest form of each object, or empty. */
  private Map<ObjectKey, Optional<ClusterObject>> changed = new LinkedHashMap<>();

  private final SortedMap<String, String> unreadable = new TreeMap<>();
  private final Deque<PlacedCause> causes = new ArrayDeque<>();
  private String topicId = "";
  private long position;
  private long changes;
  private Optional<Synced> synced = Optional.empty();
  private final Outage outage = new Outage("not read yet");

  private record PlacedCause(long offset, Cause cause) {}

  /** How reading goes on. */
  public enum Outcome {
    CONTINUE,
    /** The topic was made anew and must be read from its beginning. */
    RESTORE
  }

  /** Takes in what was read. */
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
        synced = Optional.empty(); // the objects may be gone with the topic
        yield Outcome.CONTINUE;
      }
      case Reading.Restored(var content) -> restored(content);
      case Reading.Changes(var list, var end) -> changed(list, end);
    };
  }

  private void unavailable(String reason) {
    outage.report(
        reason,
        why -> LOG.warn("portcullis.cluster cannot be read; the present rule sets stay: {}", why));
  }

  private Outcome restored(TopicContent content) {
    for (var key : keys) {
      changed.put(key, Optional.empty()); // those that still exist are put below
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
      synced = Optional.empty(); // written for an earlier incarnation
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
      LOG.warn("topic portcullis.cluster was made anew; reading it again");
      synced = Optional.empty();
      return Outcome.RESTORE;
    }
    return Outcome.CONTINUE;
  }

  private void changedObject(Change change, byte[] value) {
    var origin = put(change.key(), value).origin();
    if (!origin.kept()) { // a kept form says nothing new
      remember(change, origin, false);
    }
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
    if (causes.size() > MAX_CAUSES) {
      causes.removeFirst();
    }
  }

  private ClusterObject put(String key, byte[] value) {
    var object = Json.read(value, ClusterObject.class);
    if (!object.key().toString().equals(key)) {
      throw new IllegalArgumentException("it is the record of " + object.key());
    }
    keys.add(object.key());
    changed.put(object.key(), Optional.of(object));
    unreadable.remove(key);
    return object;
  }

  private void report(String key, String reason) {
    unreadable.put(key, reason);
    LOG.error("portcullis.cluster: {}: {}; the earlier form stays", key, reason);
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

  /** Makes the replica not whole until the topic has been read again. */
  public void discard() {
    synced = Optional.empty();
  }

  /** Tells whether the watcher has written its whole source to this incarnation of the topic. */
  public boolean whole() {
    return synced.isPresent();
  }

  /** Takes the changes since the last call: the present form of each object, or empty. */
  public Map<ObjectKey, Optional<ClusterObject>> takeChanged() {
    var taken = changed;
    changed = new LinkedHashMap<>();
    return taken;
  }

  /** Returns a number that grows with each change of the cluster. */
  public long changes() {
    return changes;
  }

  public String topicId() {
    return topicId;
  }

  /** Returns the offset of the next record. */
  public long position() {
    return position;
  }

  /** Returns the time of the watcher's newest heartbeat by its clock; 0 before the first. */
  public long beatMicros() {
    return synced.map(Synced::clockMicros).orElse(0L);
  }

  /** Returns the changes from an offset on, oldest first. Only the newest thousand are known. */
  public List<Cause> causesFrom(long offset) {
    return causes.stream().filter(c -> c.offset() >= offset).map(PlacedCause::cause).toList();
  }

  /** Returns the reasons why records cannot be read, by key. */
  public Map<String, String> unreadable() {
    return Collections.unmodifiableSortedMap(new TreeMap<>(unreadable));
  }

  /** Returns the reason why the topic cannot be read at present. */
  public Optional<String> unavailable() {
    return outage.reason();
  }
}
