package io.portcullis.bench.scale;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Synced;
import io.portcullis.json.Json;
import io.portcullis.topic.KafkaSettings;
import io.portcullis.topic.TopicAdmin;
import io.portcullis.topic.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Writes the cluster topic as a watcher would, with its heartbeats. */
final class ClusterTopicWriter implements AutoCloseable {
  private static final Duration BETWEEN_BEATS = Duration.ofSeconds(5);

  private final KafkaProducer<String, byte[]> producer;
  private final String topicId;
  private final Thread beats;

  ClusterTopicWriter(KafkaSettings settings, TopicAdmin admin, Collection<ClusterObject> objects)
      throws ExecutionException, InterruptedException {
    var topic = Topics.cluster();
    this.topicId = admin.ensureOnce(List.of(topic)).get(topic.name());
    this.producer = new KafkaProducer<>(settings.producer());
    objects.forEach(this::send);
    producer.flush();
    beat();
    this.beats = Thread.ofVirtual().start(this::beatOn);
  }

  private void beatOn() {
    try {
      while (true) {
        Thread.sleep(BETWEEN_BEATS);
        beat();
      }
    } catch (InterruptedException | ExecutionException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void beat() throws ExecutionException, InterruptedException {
    var clock = System.currentTimeMillis() * 1_000;
    var synced = new Synced(topicId, "bench", Map.of(), clock);
    producer
        .send(new ProducerRecord<>(Topics.cluster().name(), 0, Synced.KEY, Json.bytes(synced)))
        .get();
  }

  Future<RecordMetadata> send(ClusterObject object) {
    return put(object.key(), Optional.of(object));
  }

  /** Puts or removes an object. */
  Future<RecordMetadata> put(ObjectKey key, Optional<ClusterObject> object) {
    return producer.send(
        new ProducerRecord<>(
            Topics.cluster().name(), 0, key.toString(), object.map(Json::bytes).orElse(null)));
  }

  @Override
  public void close() {
    beats.interrupt();
    producer.close(Duration.ofSeconds(1));
  }
}
