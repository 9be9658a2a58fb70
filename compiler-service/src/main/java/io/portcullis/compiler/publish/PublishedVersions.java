package io.portcullis.compiler.publish;

import io.portcullis.compiler.versions.Versioned;
import io.portcullis.topic.ShardContent.Checkpoint;
import io.portcullis.topic.ShardContent.ShardTopic;
import io.portcullis.topic.TopicChanges;
import io.portcullis.topic.TopicContent;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the topics of a shard hold of its nodes and wide sets, and up to where that was read. Any
 * thread may read records against it; the worker's thread alone changes it.
 */
final class PublishedVersions {
  private final ShardTopic sets;
  private final Map<Versioned, PublishedVersion> held = new ConcurrentHashMap<>();

  /** Own versions may come after it. */
  private final Map<ShardTopic, Checkpoint> known = new HashMap<>();

  /** The shard's nodes by topic. */
  private volatile Map<ShardTopic, Versioned> nodes = Map.of();

  /**
   * What a topic has.
   *
   * @param place up to which it was read
   */
  record Read(
      ShardTopic topic,
      Checkpoint place,
      boolean isWhole,
      Map<Versioned, PublishedVersion> versions) {}

  PublishedVersions(ShardTopic sets) {
    this.sets = sets;
  }

  Map<ShardTopic, Versioned> nodes() {
    return nodes;
  }

  /** The shard's nodes are these; what topics of others hold is forgotten. */
  void nodes(Map<ShardTopic, Versioned> now) {
    nodes = now;
    known.keySet().removeIf(topic -> !topic.equals(sets) && !now.containsKey(topic));
  }

  /** All that a topic has. */
  Read read(ShardTopic topic, TopicContent content) {
    var versions = new HashMap<Versioned, PublishedVersion>();
    byUnit(topic, content.values())
        .forEach(
            (unit, of) -> versions.put(unit, PublishedVersion.of(unit, content.topicId(), of)));
    return new Read(topic, new Checkpoint(content.topicId(), content.position()), true, versions);
  }

  /**
   * What a topic has after what came to it since.
   *
   * @return none if that does not lead to what the markers say: it was not all
   */
  Optional<Read> read(ShardTopic topic, TopicChanges since) {
    var versions = new HashMap<Versioned, PublishedVersion>();
    byUnit(topic, since.values())
        .forEach(
            (unit, changes) -> {
              var before = held.getOrDefault(unit, PublishedVersion.nothing(since.topicId()));
              versions.put(unit, before.with(unit, changes));
            });
    return versions.values().stream().allMatch(after -> after.isNothing() || after.sound())
        ? Optional.of(
            new Read(topic, new Checkpoint(since.topicId(), since.position()), false, versions))
        : Optional.empty();
  }

  private <V> Map<Versioned, SortedMap<String, V>> byUnit(
      ShardTopic topic, SortedMap<String, V> values) {
    if (topic.equals(sets)) {
      return PublishedVersion.bySet(values);
    }
    return Optional.ofNullable(nodes.get(topic))
        .map(node -> Map.of(node, values))
        .orElse(Map.of()); // it went meanwhile
  }

  /** It was read so far; the versions are put by who took them. */
  void reached(Read read) {
    known.put(read.topic(), read.place());
    if (read.isWhole() && read.topic().equals(sets)) {
      held.keySet().removeIf(Versioned.OfSet.class::isInstance);
    }
  }

  /** Up to where a topic was read, if it was. */
  Optional<Checkpoint> checkpoint(ShardTopic topic) {
    return Optional.ofNullable(known.get(topic));
  }

  /** It must be read from its beginning. */
  void doubt(ShardTopic topic) {
    known.remove(topic);
  }

  boolean has(Versioned unit) {
    return held.containsKey(unit);
  }

  PublishedVersion get(Versioned unit) {
    return held.get(unit);
  }

  Set<Versioned> units() {
    return Set.copyOf(held.keySet());
  }

  void put(Versioned unit, PublishedVersion version) {
    held.put(unit, version);
  }

  void remove(Versioned unit) {
    held.remove(unit);
  }

  void clear() {
    held.clear();
    known.clear();
  }
}
