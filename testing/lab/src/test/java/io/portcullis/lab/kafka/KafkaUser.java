package io.portcullis.lab.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Does at Kafka what tests need, as one of the cluster's users. */
final class KafkaUser {
  private final Map<String, Object> settings;

  /**
   * Creates a user.
   *
   * @param kafka the settings of its clients, by Kafka's names
   */
  KafkaUser(Map<String, String> kafka) {
    this.settings = new HashMap<>(kafka);
  }

  /** Returns a new admin client of this user. */
  Admin admin() {
    return Admin.create(settings);
  }

  /** Returns how many records were written, including transaction markers. */
  long records(String topic) throws Exception {
    try (var admin = admin()) {
      var described = admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
      var ends = new HashMap<TopicPartition, OffsetSpec>();
      described
          .partitions()
          .forEach(p -> ends.put(new TopicPartition(topic, p.partition()), OffsetSpec.latest()));
      return admin.listOffsets(ends).all().get().values().stream()
          .mapToLong(end -> end.offset())
          .sum();
    }
  }

  /** Returns the offset of the first record of a topic. */
  long first(String topic) {
    var partition = new TopicPartition(topic, 0);
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      consumer.poll(Duration.ofMillis(500));
      return consumer.position(partition);
    }
  }

  /** Writes one record to a topic. */
  void write(String topic) throws ExecutionException, InterruptedException {
    try (var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic, 0, new byte[1], new byte[1])).get();
    }
  }

  /** Returns the broker that leads the cluster topic. */
  int clusterLeader() throws Exception {
    var topic = "portcullis.cluster";
    try (var admin = admin()) {
      var described = admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
      return described.partitions().getFirst().leader().id();
    }
  }

  /** Tells whether every replica of every partition is in sync. */
  boolean everyReplicaIsInSync() throws Exception {
    try (var admin = admin()) {
      var topics = admin.describeTopics(admin.listTopics().names().get()).allTopicNames().get();
      return topics.values().stream()
          .flatMap(topic -> topic.partitions().stream())
          .allMatch(
              partition ->
                  partition.replicas().size() == SecuredBrokers.COUNT
                      && partition.isr().size() == SecuredBrokers.COUNT);
    }
  }
}
