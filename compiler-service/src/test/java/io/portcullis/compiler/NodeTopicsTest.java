package io.portcullis.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.cluster.Synced;
import io.portcullis.compiler.publish.VersionSettings;
import io.portcullis.compiler.versions.Version;
import io.portcullis.compiler.versions.VersionStore;
import io.portcullis.compiler.versions.VersionStore.Past;
import io.portcullis.compiler.versions.Versioned;
import io.portcullis.json.Json;
import io.portcullis.net.IpAddress;
import io.portcullis.policy.rules.WideSetPolicy;
import io.portcullis.topic.KafkaSettings;
import io.portcullis.topic.TestBroker;
import io.portcullis.topic.TopicAdmin;
import io.portcullis.topic.TopicReader;
import io.portcullis.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes that come, go and come back, against a real broker. */
class NodeTopicsTest {
  private static final Duration LONG = Duration.ofSeconds(90);
  private static final Duration GRACE = Duration.ofHours(1);
  private static final String LONGEST = "a".repeat(63) + ".b".repeat(95);
  private static final int MANY = 300;

  private final AtomicLong later = new AtomicLong();
  private TestBroker broker;
  private KafkaSettings settings;
  private TopicAdmin admin;
  private VersionStore versions;
  private KafkaProducer<String, byte[]> producer;
  private CompilerLoop loop;

  @BeforeEach
  void start() {
    broker = new TestBroker();
    settings = new KafkaSettings(broker.settings());
    admin = new TopicAdmin(settings);
    versions = new VersionStore(new TopicReader(settings, admin));
    producer = new KafkaProducer<>(settings.producer());
    admin.ensure(List.of(Topics.cluster()));
    startLoop();
  }

  @AfterEach
  void stop() {
    loop.close();
    producer.close();
    admin.close();
    broker.close();
  }

  @Test
  void theTopicsOfANodeThatIsGoneOutlastItForATimeThatTheSourceMustSee() throws Exception {
    publish(node("stays"), node("goes"), pod("goes", 1));
    admin.ensure(List.of(applied("goes"), applied("stays")));
    beat();
    var last = awaitVersion("goes", 0);
    remove(ObjectKey.node("goes"), ObjectKey.pod("shop", "web")); // no version without the pod
    awaitGone("goes");
    pass(GRACE.plusSeconds(1)); // by this clock alone: no beat, so the source may be lost
    await().during(Duration.ofSeconds(4)).atMost(LONG).until(() -> exists("goes"));
    beat();
    await().atMost(LONG).until(() -> !exists("goes"));
    assertThat(admin.ids(List.of(applied("goes").name()))).isEmpty();
    assertThat(admin.ids(List.of(applied("stays").name()))).isNotEmpty();
    assertThat(exists("stays")).isTrue();
    assertThat(versions.past(new Versioned.OfNode("goes"), last.marker().number()))
        .isEqualTo(new Past.Found(last));
    assertThat(versions.positions()).containsOnlyKeys("stays");

    publish(node("goes"), pod("goes", 2));
    var again = awaitVersion("goes", last.marker().number());
    assertThat(again.rules().endpoints()).hasSize(1);
    assertThat(again.marker().topicId()).isNotEqualTo(last.marker().topicId());
    assertThat(versions.past(new Versioned.OfNode("goes"), again.marker().number()))
        .isEqualTo(new Past.Found(again));
  }

  @Test
  void aNodeThatComesBackInTimeGoesOnInItsTopicAlsoUnderAnotherCompiler() throws Exception {
    publish(node("returns"));
    beat();
    var first = awaitVersion("returns", 0);
    remove(ObjectKey.node("returns"));
    awaitGone("returns");
    loop.close();
    startLoop();
    publish(node("returns"), pod("returns", 7));
    var second = awaitVersion("returns", first.marker().number());
    assertThat(second.marker().topicId()).isEqualTo(first.marker().topicId());
    assertThat(second.rules().endpoints()).hasSize(1);
    pass(GRACE.plusSeconds(1));
    beat();
    await().during(Duration.ofSeconds(4)).atMost(LONG).until(() -> exists("returns"));
  }

  @Test
  void theLastNodeOfAShardIsRememberedByItsNextOwner() throws Exception {
    publish(node("alone"));
    beat();
    awaitVersion("alone", 0);
    remove(ObjectKey.node("alone"));
    awaitGone("alone");
    loop.close();
    startLoop();
    pass(GRACE.plusSeconds(1));
    beat();
    await().atMost(LONG).until(() -> !exists("alone"));
  }

  @Test
  void aNodeWithTheLongestNameHasTopicsAsAnyOther() throws Exception {
    publish(node(LONGEST), pod(LONGEST, 3));
    beat();
    assertThat(awaitVersion(LONGEST, 0).rules().endpoints()).hasSize(1);
    assertThat(versions.positions()).containsOnlyKeys(LONGEST);
  }

  @Test
  void hundredsOfNodesGoOnAfterTheBrokerWasKilled() throws Exception {
    var names = IntStream.range(0, MANY).mapToObj(i -> "node-" + i).toList();
    for (var name : names) {
      publish(node(name));
    }
    beat();
    await().atMost(LONG).ignoreExceptions().until(() -> versions.positions().size() == MANY);
    var before = new HashMap<String, Long>();
    versions.positions().forEach((node, position) -> before.put(node, position.version()));
    broker.kill();
    broker.start();
    for (var i = 0; i < MANY; i++) {
      publish(pod(names.get(i), i));
    }
    await()
        .atMost(LONG)
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(versions.positions())
                    .hasSize(MANY)
                    .allSatisfy(
                        (node, position) -> {
                          assertThat(position.version()).isGreaterThan(before.get(node));
                          assertThat(position.records()).isPositive();
                        }));
    for (var name : List.of(names.getFirst(), names.getLast())) {
      var present = versions.present(new Versioned.OfNode(name)).orElseThrow();
      assertThat(present.rules().digest().hex()).isEqualTo(present.marker().digest());
      assertThat(present.rules().endpoints()).hasSize(1);
    }
  }

  private void startLoop() {
    loop =
        new CompilerLoop(
            settings,
            new VersionSettings(
                Duration.ofDays(7), 1L << 34, 4, GRACE, WideSetPolicy.NEVER, "test"),
            Set.of(),
            this::now);
  }

  private long now() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()) + later.get();
  }

  private void pass(Duration time) {
    later.addAndGet(time.toNanos() / 1_000);
  }

  private static io.portcullis.topic.TopicSpec applied(String node) {
    return Topics.applied(node, Duration.ofDays(7));
  }

  private boolean exists(String node) {
    return !admin.ids(List.of(Topics.node(node).name())).isEmpty();
  }

  private void awaitGone(String node) {
    await().atMost(LONG).until(() -> !versions.positions().containsKey(node));
  }

  private Version awaitVersion(String node, long after) {
    return await()
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .until(
            () ->
                versions
                    .present(new Versioned.OfNode(node))
                    .filter(v -> v.marker().number() > after),
            Optional::isPresent)
        .orElseThrow();
  }

  private void publish(ClusterObject... objects) throws Exception {
    for (var object : objects) {
      send(object.key().toString(), Json.bytes(object));
    }
  }

  private void beat() throws Exception {
    var cluster = Topics.cluster().name();
    var topicId = admin.ids(List.of(cluster)).get(cluster);
    send(Synced.KEY, Json.bytes(new Synced(topicId, "test", Map.of(), now())));
  }

  private void remove(ObjectKey... keys) throws Exception {
    for (var key : keys) {
      send(key.toString(), null);
    }
  }

  private void send(String key, byte[] value) throws Exception {
    producer.send(new ProducerRecord<>(Topics.cluster().name(), 0, key, value)).get();
  }

  private static ClusterObject pod(String node, int number) {
    var name = node.startsWith("node-") ? "pod-" + number : "web";
    return new ClusterObject.Pod(
        ObjectKey.pod("shop", name),
        new Origin("test.yaml", "", 0, 5),
        Map.of("app", name),
        node,
        List.of(IpAddress.parse("10.%d.%d.5".formatted(number >> 8, number & 255))),
        false,
        false,
        0,
        List.of());
  }

  private static ClusterObject node(String name) {
    return new ClusterObject.Node(
        ObjectKey.node(name), new Origin("test.yaml", "", 0, 5), Map.of(), List.of(), List.of());
  }
}
