package io.portcullis.topic;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads topics once, for questions. Any thread may use it; each call has a consumer of its own. Any
 * method throws {@link KafkaException} when the broker does not answer.
 */
public final class TopicReader {
  private final Map<String, Object> settings;
  private final TopicAdmin admin;

  public TopicReader(KafkaSettings kafka, TopicAdmin admin) {
    this.settings = kafka.passingReader();
    this.admin = admin;
  }

  /** A compacted topic's partition as it is now; absent where the topic does not exist. */
  public Optional<TopicContent> content(String topic, int partition) {
    var wanted = new TopicPartition(topic, partition);
    return Optional.ofNullable(contents(List.of(wanted)).get(wanted));
  }

  /** Likewise of many. */
  public Map<TopicPartition, TopicContent> contents(Collection<TopicPartition> partitions) {
    try (var consumer = new KafkaConsumer<String, byte[]>(settings)) {
      return TopicRestore.restore(consumer, admin, partitions, () -> {});
    }
  }

  /** The id of a topic; absent where it does not exist. */
  public Optional<String> id(String topic) {
    return Optional.ofNullable(admin.ids(List.of(topic)).get(topic));
  }

  /** A log's partition, to be read here and there; the caller closes it. */
  public LogReader open(String topic, int partition) {
    return new LogReader(settings, new TopicPartition(topic, partition));
  }
}
