package io.portcullis.agent.process;

import static io.portcullis.Patience.await;

import io.portcullis.json.Json;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.NodeRecords;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;
import io.portcullis.topic.KafkaSettings;
import io.portcullis.topic.TopicAdmin;
import io.portcullis.topic.Topics;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes one node's topic as the compiler does: a version is a transaction. */
final class NodeWriter implements AutoCloseable {
  private final Map<String, Object> settings;
  private final TopicAdmin topics;
  private final String topic;
  private KafkaProducer<String, byte[]> producer;
  private String topicId;
  private RuleSet written = RuleSet.EMPTY;
  private long number = micros();

  NodeWriter(Map<String, Object> settings, String node) {
    this.settings = settings;
    this.topics = new TopicAdmin(new KafkaSettings(settings));
    this.topic = Topics.node(node).name();
    begin();
  }

  /** Begins with a topic that holds nothing of what was written before. */
  void begin() {
    var node = topic.substring("portcullis.node.".length());
    topics.ensure(List.of(Topics.node(node)));
    topicId = await().until(() -> topics.ids(List.of(topic)).get(topic), Objects::nonNull);
    written = RuleSet.EMPTY;
    var all = new HashMap<>(new KafkaSettings(settings).producer());
    all.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "test-" + topic);
    all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000);
    all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 30_000);
    if (producer != null) {
      producer.close();
    }
    producer = new KafkaProducer<>(all);
    producer.initTransactions();
  }

  void makeAnew() throws Exception {
    try (var admin = Admin.create(settings)) {
      admin.deleteTopics(List.of(topic)).all().get();
      await().until(() -> !topics.ids(List.of(topic)).containsKey(topic));
    }
    begin();
  }

  String topicId() {
    return topicId;
  }

  /** The number of the version. */
  long write(RuleSet rules) {
    return write(rules, rules.digest().hex());
  }

  /** A version that needs wide sets. */
  long write(RuleSet rules, List<Marker.Wide> wide) {
    return write(rules, rules.digest().hex(), wide);
  }

  long write(RuleSet rules, String digest) {
    return write(rules, digest, List.of());
  }

  private long write(RuleSet rules, String digest, List<Marker.Wide> wide) {
    var change = RuleSetChange.between(written, rules);
    producer.beginTransaction();
    change.puts().forEach((key, item) -> send(key, NodeRecords.bytes(item)));
    change.removals().keySet().forEach(key -> send(key, null));
    sendMarker(rules, digest, wide);
    producer.commitTransaction();
    written = rules;
    return number;
  }

  /** A version of which nothing else is written. */
  void writeMarkerOnly(RuleSet rules) {
    producer.beginTransaction();
    sendMarker(rules, rules.digest().hex(), List.of());
    producer.commitTransaction();
  }

  private void sendMarker(RuleSet rules, String digest, List<Marker.Wide> wide) {
    number = Math.max(number + 1, micros());
    send(
        Marker.KEY,
        Json.bytes(
            new Marker(
                number,
                new Marker.Content(digest, rules.size(), topicId),
                new Marker.Compilation(
                    new Marker.ClusterPosition("", 0),
                    new Marker.Shard(0, Topics.SHARDS),
                    micros(),
                    List.of(),
                    "test"),
                wide)));
  }

  private void send(String key, byte[] value) {
    producer.send(new ProducerRecord<>(topic, 0, key, value));
  }

  private static long micros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  @Override
  public void close() {
    producer.close();
    topics.close();
  }
}
