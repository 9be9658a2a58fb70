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
 * What the topics of a shard hold of its nodes and wide sets, and up to which position they have
 * been read. Any thread may compare records with it, but only the loop's thread changes it.
 */
final class PublishedVersions {
  private final ShardTopic sets;
  private final Map<Versioned, PublishedVersion> versions = new ConcurrentHashMap<>();

  /** Up to where each topic was read. Versions that this process wrote may come after. */
  private final Map<ShardTopic, Checkpoint> known = new HashMap<>();

  /** The shard's nodes by topic. */
  private volatile Map<ShardTopic, Versioned> nodes = Map.of();

  /**
   * What was read of a topic.
   *
   * @param checkpoint the position up to which it was read
   * @param isWhole whether it was read from its beginning
   */
  record Read(
      ShardTopic topic,
      Checkpoint checkpoint,
      boolean isWhole,
      Map<Versioned, PublishedVersion> versions) {}

  PublishedVersions(ShardTopic sets) {
    this.sets = sets;
  }

  Map<ShardTopic, Versioned> nodes() {
    return nodes;
  }

  /** Replaces the shard's nodes, and forgets up to where the topics of other nodes were read. */
  void nodes(Map<ShardTopic, Versioned> now) {
    nodes = now;
    known.keySet().removeIf(topic -> !topic.equals(sets) && !now.containsKey(topic));
  }

  /** Reads all records of a topic. */
  Read read(ShardTopic topic, TopicContent content) {
    var read = new HashMap<Versioned, PublishedVersion>();
    byUnit(topic, content.values())
        .forEach(
            (unit, records) ->
                read.put(unit, PublishedVersion.of(unit, content.topicId(), records)));
    return new Read(topic, new Checkpoint(content.topicId(), content.position()), true, read);
  }

  /**
   * Reads the records that came to a topic since it was last read.
   *
   * @return empty if they do not lead to the versions that the markers name: some are missing
   */
  Optional<Read> read(ShardTopic topic, TopicChanges since) {
    var read = new HashMap<Versioned, PublishedVersion>();
    byUnit(topic, since.values())
        .forEach(
            (unit, changes) -> {
              var before = versions.getOrDefault(unit, PublishedVersion.nothing(since.topicId()));
              read.put(unit, before.with(unit, changes));
            });
    return read.values().stream().allMatch(after -> after.isNothing() || after.isSound())
        ? Optional.of(
            new Read(topic, new Checkpoint(since.topicId(), since.position()), false, read))
        : Optional.empty();
  }

  private <V> Map<Versioned, SortedMap<String, V>> byUnit(
      ShardTopic topic, SortedMap<String, V> values) {
    if (topic.equals(sets)) {
      return PublishedVersion.bySet(values);
    }
    return Optional.ofNullable(nodes.get(topic))
        .map(node -> Map.of(node, values))
        .orElse(Map.of()); // the node has gone meanwhile
  }

  /** Notes up to where a topic was read. The caller puts the versions. */
  void reached(Read read) {
    known.put(read.topic(), read.checkpoint());
    if (read.isWhole() && read.topic().equals(sets)) {
      versions.keySet().removeIf(Versioned.OfSet.class::isInstance);
    }
  }

  /** Returns up to where a topic was read. */
  Optional<Checkpoint> checkpoint(ShardTopic topic) {
    return Optional.ofNullable(known.get(topic));
  }

  /** Makes the next reading of a topic begin at its start. */
  void doubt(ShardTopic topic) {
    known.remove(topic);
  }

  boolean has(Versioned unit) {
    return versions.containsKey(unit);
  }

  PublishedVersion get(Versioned unit) {
    return versions.get(unit);
  }

  Set<Versioned> units() {
    return Set.copyOf(versions.keySet());
  }

  void put(Versioned unit, PublishedVersion version) {
    versions.put(unit, version);
  }

  void remove(Versioned unit) {
    versions.remove(unit);
  }

  void clear() {
    versions.clear();
    known.clear();
  }
}
