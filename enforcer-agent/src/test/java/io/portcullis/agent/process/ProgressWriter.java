package io.portcullis.agent.process;

import io.portcullis.history.Progress;
import io.portcullis.json.Json;
import io.portcullis.topic.KafkaSettings;
import io.portcullis.topic.TestBroker;
import io.portcullis.topic.TopicAdmin;
import io.portcullis.topic.Topics;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes the progress of the first shard as its compiler does, with the watcher's heartbeat. */
final class ProgressWriter implements AutoCloseable {
  private final KafkaProducer<String, byte[]> producer;
  private long beat = 1_000;

  ProgressWriter(TestBroker broker) {
    try (var admin = new TopicAdmin(new KafkaSettings(broker.settings()))) {
      admin.ensure(List.of(Topics.progress()));
    }
    producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", broker.bootstrap()),
            new StringSerializer(),
            new ByteArraySerializer());
  }

  /** The watcher has been heard again. */
  void newBeat() throws Exception {
    write(beat++);
  }

  /** The compiler goes on, and says nothing new. */
  void sameBeat() throws Exception {
    write(beat);
  }

  /** The watcher's place is taken by one with an older clock. */
  void olderBeat() throws Exception {
    write(beat--);
  }

  private void write(long micros) throws Exception {
    var progress = new Progress(0, "cluster", 1, micros, "history", System.nanoTime());
    producer
        .send(new ProducerRecord<>(Topics.progress().name(), 0, "0", Json.bytes(progress)))
        .get();
  }

  @Override
  public void close() {
    producer.close();
  }
}
