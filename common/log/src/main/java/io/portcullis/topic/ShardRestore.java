package io.portcullis.topic;

import io.portcullis.topic.ShardContent.Checkpoint;
import io.portcullis.topic.ShardContent.Kind;
import io.portcullis.topic.ShardContent.Restored;
import io.portcullis.topic.ShardContent.ShardTopic;
import io.portcullis.topic.ShardContent.Source;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads what the topics of a shard hold. Each question to a broker is one for all of them: on a
 * busy broker a take-over waits for answers more than for anything else.
 */
final class ShardRestore {
  private final KafkaSettings settings;
  private final TopicAdmin admin;
  private final ShardContent content;
  private final Runnable working;

  /** A topic that was read. */
  record Read(String topicId, Restored restored) {}

  /**
   * @param working called now and then, as reading may take long
   */
  ShardRestore(KafkaSettings settings, TopicAdmin admin, ShardContent content, Runnable working) {
    this.settings = settings;
    this.admin = admin;
    this.content = content;
    this.working = working;
  }

  /**
   * Reads all of the topics, for their owner; those that are missing are made. Throws {@link
   * KafkaException} when the broker does not answer or a topic is deleted.
   *
   * @param source must be there as it was read
   */
  Map<ShardTopic, Read> own(
      Collection<ShardTopic> topics, Map<ShardTopic, Checkpoint> known, Optional<Source> source) {
    source.ifPresent(this::requireToBeThere);
    var ids = admin.ensureOnce(specs(topics));
    for (var topic : topics) {
      if (!ids.containsKey(topic.spec().name())) {
        throw new KafkaException(
            "topic "
                + topic.spec().name()
                + " is not there: it was deleted, or no broker knows it yet");
      }
    }
    return read(topics, ids, known);
  }

  private void requireToBeThere(Source source) {
    if (!source.id().equals(admin.ids(List.of(source.topic())).get(source.topic()))) {
      throw new KafkaException(
          "topic " + source.topic() + " was deleted or made anew since it was read");
    }
  }

  /** Returns how far topics are known; the worker's thread asks. */
  Map<ShardTopic, Checkpoint> checkpoints(Collection<ShardTopic> topics) {
    var known = new HashMap<ShardTopic, Checkpoint>();
    topics.forEach(topic -> content.checkpoint(topic).ifPresent(place -> known.put(topic, place)));
    return known;
  }

  /**
   * Returns what reads the topics that another process owns; the worker's thread asks.
   *
   * @param permits how many shards may be read at once; one is held until the reading ends
   * @return empty where there is nothing to be read now, or no permit
   */
  Optional<Callable<Map<ShardTopic, Read>>> following(Semaphore permits) {
    if (!permits.tryAcquire()) {
      return Optional.empty();
    }
    var topics = content.followed();
    if (topics.isEmpty()) {
      permits.release();
      return Optional.empty();
    }
    var known = checkpoints(topics);
    return Optional.of(
        () -> {
          try {
            return follow(topics, known);
          } finally {
            permits.release();
          }
        });
  }

  private Map<ShardTopic, Read> follow(
      Collection<ShardTopic> topics, Map<ShardTopic, Checkpoint> known) {
    var ids = admin.setRightOnce(specs(topics));
    return read(
        topics.stream().filter(topic -> ids.containsKey(topic.spec().name())).toList(), ids, known);
  }

  private Map<ShardTopic, Read> read(
      Collection<ShardTopic> topics, Map<String, String> ids, Map<ShardTopic, Checkpoint> known) {
    working.run();
    var from = new HashMap<TopicPartition, Checkpoint>();
    known.forEach((topic, place) -> from.put(partition(topic), place));
    var read = new LinkedHashMap<ShardTopic, Read>();
    try (var consumer = new KafkaConsumer<String, byte[]>(settings.passingReader())) {
      var byPartition = byPartition(topics);
      consumer.assign(partitions(topics, Kind.COMPACTED));
      var ends = consumer.endOffsets(byPartition.keySet());
      for (var log : partitions(topics, Kind.LOG)) {
        var end =
            new TopicContent(ids.get(log.topic()), Collections.emptySortedMap(), ends.get(log));
        read.put(byPartition.get(log), read(byPartition.get(log), end));
        ends.remove(log);
      }
      var restored = TopicRestore.read(consumer, admin, ids, ends, from, working);
      restored
          .whole()
          .forEach((p, all) -> read.put(byPartition.get(p), read(byPartition.get(p), all)));
      restored
          .since()
          .forEach((p, since) -> read.put(byPartition.get(p), read(byPartition.get(p), since)));
    }
    return read;
  }

  private Read read(ShardTopic topic, TopicContent whole) {
    working.run();
    return new Read(whole.topicId(), content.restored(topic, whole));
  }

  private Read read(ShardTopic topic, TopicChanges since) {
    working.run();
    return new Read(since.topicId(), content.restored(topic, since));
  }

  private static Map<TopicPartition, ShardTopic> byPartition(Collection<ShardTopic> topics) {
    return topics.stream().collect(Collectors.toMap(ShardRestore::partition, topic -> topic));
  }

  private static List<TopicPartition> partitions(Collection<ShardTopic> topics, Kind kind) {
    return topics.stream()
        .filter(topic -> topic.kind() == kind)
        .map(ShardRestore::partition)
        .toList();
  }

  private static List<TopicSpec> specs(Collection<ShardTopic> topics) {
    return topics.stream().map(ShardTopic::spec).distinct().toList();
  }

  private static TopicPartition partition(ShardTopic topic) {
    return new TopicPartition(topic.spec().name(), topic.partition());
  }
}
