package io.portcullis.watcher.publish;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.Interner;
import io.portcullis.cluster.KnownKind;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Synced;
import io.portcullis.json.Json;
import io.portcullis.topic.TopicContent;
import io.portcullis.topic.Topics;
import io.portcullis.validation.Kind;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the cluster topic holds, as this process has read and written it. */
final class PublishedCluster {
  private static final Logger LOG = LoggerFactory.getLogger(PublishedCluster.class);

  private final NavigableMap<ObjectKey, ClusterObject> objects = new TreeMap<>();
  private final Set<String> unreadableKeys = new LinkedHashSet<>();
  private final Interner parts = new Interner();
  private String topicId = "";
  private boolean synced;
  private Map<String, KnownKind> kinds = Map.of();
  private long syncedMicros;

  /** Takes over what was read from the topic. */
  void restore(TopicContent content) {
    forget();
    topicId = content.topicId();
    content.values().forEach(this::restore);
  }

  private void restore(String key, byte[] value) {
    try {
      if (key.equals(Synced.KEY)) {
        var beat = Json.read(value, Synced.class);
        synced = beat.topicId().equals(topicId);
        kinds = beat.kinds();
        return;
      }
      objects.put(ObjectKey.parse(key), parts.shared(Json.read(value, ClusterObject.class)));
    } catch (IllegalArgumentException e) {
      LOG.error("{}: {}: {}; writing it again", Topics.cluster().name(), key, e.getMessage());
      unreadableKeys.add(key);
    }
  }

  /** Forgets the topic, until it is restored. */
  void forget() {
    objects.clear();
    unreadableKeys.clear();
    topicId = "";
    synced = false;
    kinds = Map.of();
    syncedMicros = 0;
  }

  /** Takes in that a change is committed. */
  void take(Change change) {
    switch (change) {
      case Change.Put(var object, _) -> {
        objects.put(object.key(), object);
        unreadableKeys.remove(object.key().toString());
      }
      case Change.Remove(var key, _) -> objects.remove(key);
      case Change.RemoveUnreadable(var key) -> unreadableKeys.remove(key);
    }
  }

  /** Takes in that the topic says that it is complete. */
  void synced(Synced record) {
    synced = true;
    kinds = record.kinds();
    syncedMicros = record.clockMicros();
  }

  /** Keeps one form in memory of an object that the source shows as it is published. */
  void share(ClusterObject seen) {
    objects.computeIfPresent(
        seen.key(),
        (_, published) ->
            seen.sameButForTime(published) ? seen.withOrigin(published.origin()) : published);
  }

  /** Returns whether the topic has been restored. */
  boolean isKnown() {
    return !topicId.isEmpty();
  }

  String topicId() {
    return topicId;
  }

  Optional<ClusterObject> object(ObjectKey key) {
    return Optional.ofNullable(objects.get(key));
  }

  /** Returns all objects, in the order of their keys. */
  Collection<ClusterObject> objects() {
    return Collections.unmodifiableCollection(objects.values());
  }

  /** Returns all objects by key. */
  SortedMap<ObjectKey, ClusterObject> byKey() {
    return Collections.unmodifiableSortedMap(objects);
  }

  NavigableSet<ObjectKey> keys() {
    return Collections.unmodifiableNavigableSet(objects.navigableKeySet());
  }

  /** Returns what the topic says is known of each kind, by its plural name and group. */
  Map<String, KnownKind> kinds() {
    return kinds;
  }

  /** Returns what the topic says is known of a kind. */
  Optional<KnownKind> kind(Kind kind) {
    return Optional.ofNullable(kinds.get(kind.resource()));
  }

  /** Returns the keys whose records cannot be read. */
  Set<String> unreadableKeys() {
    return Collections.unmodifiableSet(unreadableKeys);
  }

  /** Returns whether the topic says that it is complete. */
  boolean isSynced() {
    return synced;
  }

  /** Returns when this process last wrote that the topic is complete, or 0. */
  long syncedMicros() {
    return syncedMicros;
  }
}
