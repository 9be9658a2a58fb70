package io.portcullis.topic;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads topics once, for questions. Any thread may use it; each call has a consumer of its own. Any
 * method throws {@link KafkaException} when the broker does not answer.
 */
public final class TopicReader {
  private static final Duration POLL = Duration.ofMillis(100);

  private final Map<String, Object> settings;
  private final TopicAdmin admin;

  public TopicReader(KafkaSettings kafka, TopicAdmin admin) {
    this.settings = kafka.passingReader();
    this.admin = admin;
  }

  /** Reads a compacted topic's partition as it is now; absent where the topic does not exist. */
  public Optional<TopicContent> content(String topic, int partition) {
    var wanted = new TopicPartition(topic, partition);
    return Optional.ofNullable(contents(List.of(wanted)).get(wanted));
  }

  /** Reads many partitions of compacted topics; those whose topic does not exist are left out. */
  public Map<TopicPartition, TopicContent> contents(Collection<TopicPartition> partitions) {
    try (var consumer = new KafkaConsumer<String, byte[]>(settings)) {
      return TopicRestore.restore(consumer, admin, partitions, () -> {});
    }
  }

  /**
   * Reads the newest value of each partition; those whose topic does not exist, or is empty, are
   * left out. Of use where a topic's writer has no transactions: their ends take the last place.
   */
  public Map<TopicPartition, byte[]> newest(Collection<TopicPartition> partitions) {
    var ids = admin.ids(partitions.stream().map(TopicPartition::topic).toList());
    var present = partitions.stream().filter(p -> ids.containsKey(p.topic())).toList();
    var newest = new HashMap<TopicPartition, byte[]>();
    try (var consumer = new KafkaConsumer<String, byte[]>(settings)) {
      var open = new HashMap<>(consumer.endOffsets(present));
      open.values().removeIf(end -> end == 0);
      consumer.assign(open.keySet());
      open.forEach((partition, end) -> consumer.seek(partition, end - 1));
      var patience = new ProgressTimeout("reading the ends of " + open.size() + " topics");
      while (!open.isEmpty()) {
        for (var item : consumer.poll(POLL)) {
          newest.put(new TopicPartition(item.topic(), item.partition()), item.value());
        }
        open.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
        patience.at(-open.size());
      }
    }
    newest.values().removeIf(Objects::isNull);
    return newest;
  }

  /** Returns the id of a topic; absent where it does not exist. */
  public Optional<String> id(String topic) {
    return Optional.ofNullable(admin.ids(List.of(topic)).get(topic));
  }

  /** Opens a log's partition, to be read here and there; the caller closes it. */
  public LogReader open(String topic, int partition) {
    return new LogReader(settings, new TopicPartition(topic, partition));
  }
}
