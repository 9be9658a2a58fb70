package io.portcullis.lab.observe;

import io.portcullis.topic.KafkaSettings;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads topics of a lab without being one of its services. */
public final class CommittedConsumer {
  /**
   * How often the consumer refreshes metadata, so that it soon finds a topic that is created later,
   * in milliseconds.
   */
  private static final int METADATA_MILLIS = 2_000;

  private CommittedConsumer() {}

  /**
   * Returns a consumer that reads committed records from the first on, even after a topic was
   * created anew.
   */
  public static KafkaConsumer<String, byte[]> open(
      String bootstrap, Collection<TopicPartition> partitions) {
    var settings =
        new HashMap<>(
            new KafkaSettings(Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap)).reader());
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, METADATA_MILLIS);
    var consumer = new KafkaConsumer<String, byte[]>(settings);
    consumer.assign(partitions);
    return consumer;
  }
}
