package io.portcullis.topic;

import io.portcullis.topic.ShardContent.Kind;
import io.portcullis.topic.ShardContent.ShardTopic;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Makes the topics of a shard that are missing, and reads what they hold. */
final class ShardRestore {
  private final KafkaSettings settings;
  private final TopicAdmin admin;
  private final Runnable working;

  /**
   * @param working called now and then, as reading may take long
   */
  ShardRestore(KafkaSettings settings, TopicAdmin admin, Runnable working) {
    this.settings = settings;
    this.admin = admin;
    this.working = working;
  }

  /** Throws {@link KafkaException} when the broker does not answer or a topic is deleted. */
  Map<ShardTopic, TopicContent> read(Collection<ShardTopic> topics) {
    admin.ensure(topics.stream().map(ShardTopic::spec).distinct().toList());
    working.run();
    var ids = admin.ids(topics.stream().map(topic -> topic.spec().name()).distinct().toList());
    var held = new LinkedHashMap<ShardTopic, TopicContent>();
    try (var consumer = new KafkaConsumer<String, byte[]>(settings.passingReader())) {
      var ends = consumer.endOffsets(partitions(topics, Kind.LOG));
      var compacted =
          TopicRestore.restore(consumer, admin, partitions(topics, Kind.COMPACTED), working);
      for (var topic : topics) {
        var content =
            switch (topic.kind()) {
              case LOG -> log(ids.get(topic.spec().name()), ends.get(partition(topic)));
              case COMPACTED -> Optional.ofNullable(compacted.get(partition(topic)));
            };
        held.put(topic, content.orElseThrow(() -> vanished(topic)));
      }
    }
    return held;
  }

  private static Optional<TopicContent> log(String id, Long end) {
    return Optional.ofNullable(id)
        .map(present -> new TopicContent(present, Collections.emptySortedMap(), end));
  }

  private static Set<TopicPartition> partitions(Collection<ShardTopic> topics, Kind kind) {
    return topics.stream()
        .filter(topic -> topic.kind() == kind)
        .map(ShardRestore::partition)
        .collect(Collectors.toSet());
  }

  private static KafkaException vanished(ShardTopic topic) {
    return new KafkaException("topic " + topic.spec().name() + " was deleted while it was read");
  }

  private static TopicPartition partition(ShardTopic topic) {
    return new TopicPartition(topic.spec().name(), topic.partition());
  }
}
