package io.portcullis.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.Namespace;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.cluster.Synced;
import io.portcullis.json.Json;
import io.portcullis.published.PublishedCluster.NotReadable;
import io.portcullis.topic.TestBroker;
import io.portcullis.topic.TopicAdmin;
import io.portcullis.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PublishedClusterTest {
  private static final String TOPIC = Topics.cluster().name();
  private static final TestBroker BROKER = TestBroker.shared();

  private TopicAdmin admin;
  private KafkaProducer<String, byte[]> producer;

  @BeforeEach
  void open() {
    BROKER.deleteTopics();
    admin = new TopicAdmin(BROKER.patient());
    producer = new KafkaProducer<>(BROKER.patient().producer());
  }

  @AfterEach
  void close() {
    producer.close();
    admin.close();
    BROKER.deleteTopics();
  }

  private static Namespace namespace(String name) {
    return new Namespace(
        ObjectKey.namespace(name), new Origin("api", "", 0, 1), Map.of("team", name), false);
  }

  private void write(ClusterObject... objects) {
    for (var object : objects) {
      write(object.key().toString(), Json.bytes(object));
    }
  }

  private void write(String key, byte[] value) {
    producer.send(new ProducerRecord<>(TOPIC, key, value));
    producer.flush();
  }

  private void writeSynced(String topicId) {
    write(Synced.KEY, Json.bytes(new Synced(topicId, "kubernetes", Map.of(), 1)));
  }

  private static PublishedCluster read() throws NotReadable {
    return PublishedCluster.read(Map.of("bootstrap.servers", BROKER.bootstrap()));
  }

  private String topicId() {
    return admin.ids(List.of(TOPIC)).get(TOPIC);
  }

  @Test
  void theNewestFormsAreRead() throws Exception {
    admin.ensure(List.of(Topics.cluster()));
    write(namespace("shop"), namespace("gone"));
    write(namespace("gone").key().toString(), null);
    writeSynced(topicId());
    assertThat(read().objects()).containsExactly(namespace("shop"));
  }

  @Test
  void aPartIsNeverTakenForTheWhole() throws Exception {
    assertThatThrownBy(PublishedClusterTest::read)
        .isInstanceOf(NotReadable.class)
        .hasMessage("there is no topic portcullis.cluster; is this Portcullis' broker?");
    admin.ensure(List.of(Topics.cluster()));
    write(namespace("shop"));
    var notYet = "the watcher has not published the whole cluster yet";
    assertThatThrownBy(PublishedClusterTest::read).hasMessage(notYet);
    writeSynced("the topic of before");
    assertThatThrownBy(PublishedClusterTest::read).hasMessage(notYet);
    writeSynced(topicId());
    assertThat(read().objects()).hasSize(1);
    write("core/Pod/shop/web", "{}".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(PublishedClusterTest::read)
        .hasMessageStartingWith("record core/Pod/shop/web cannot be read: ")
        .hasMessageEndingWith("; use the release that the watcher has");
  }

  @Test
  void aBrokerThatCannotBeAskedIsSaid() {
    assertThatThrownBy(() -> PublishedCluster.read(Map.of("bootstrap.servers", "127.0.0.1:1")))
        .isInstanceOf(NotReadable.class);
    var broken = new HashMap<String, String>();
    broken.put("bootstrap.servers", "no port");
    assertThatThrownBy(() -> PublishedCluster.read(broken)).isInstanceOf(NotReadable.class);
  }
}
