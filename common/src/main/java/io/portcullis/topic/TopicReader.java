package io.portcullis.topic;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads topics once, for questions. Any thread may use it; each call has a consumer of its own. Any
 * method throws {@link KafkaException} when the broker does not answer.
 */
public final class TopicReader {
  private static final Duration POLL = Duration.ofMillis(100);

  /** A consumer that is closed waits for its last fetch, which asks for what is not there yet. */
  private static final int LONGEST_FETCH_MILLIS = 10;

  private final Map<String, Object> settings;
  private final TopicAdmin admin;

  public TopicReader(KafkaSettings kafka, TopicAdmin admin) {
    this.settings = new HashMap<>(kafka.reader());
    this.settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, LONGEST_FETCH_MILLIS);
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

  /**
   * Reads a log's partition in order.
   *
   * @param from offset of the first record
   * @param more told each record; reading goes on while it answers yes and there are more
   * @throws org.apache.kafka.clients.consumer.OffsetOutOfRangeException when the log does not reach
   *     back so far
   */
  public void read(
      String topic, int partition, long from, Predicate<ConsumerRecord<String, byte[]>> more) {
    try (var consumer = new KafkaConsumer<String, byte[]>(settings)) {
      var wanted = new TopicPartition(topic, partition);
      consumer.assign(List.of(wanted));
      consumer.seek(wanted, from);
      var end = consumer.endOffsets(List.of(wanted)).get(wanted);
      var patience = new Patience("reading " + wanted);
      while (consumer.position(wanted) < end) {
        patience.at(consumer.position(wanted));
        for (var item : consumer.poll(POLL)) {
          if (!more.test(item)) {
            return;
          }
        }
      }
    }
  }
}
