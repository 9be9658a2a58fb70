package io.portcullis.compiler;

import static io.portcullis.Patience.await;

import io.portcullis.Patience;
import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Synced;
import io.portcullis.compiler.publish.VersionSettings;
import io.portcullis.compiler.versions.Version;
import io.portcullis.compiler.versions.VersionStore;
import io.portcullis.compiler.versions.Versioned;
import io.portcullis.history.Progress;
import io.portcullis.history.ShardProgress;
import io.portcullis.json.Json;
import io.portcullis.policy.rules.WideSetPolicy;
import io.portcullis.topic.KafkaSettings;
import io.portcullis.topic.TestBroker;
import io.portcullis.topic.TopicAdmin;
import io.portcullis.topic.TopicReader;
import io.portcullis.topic.Topics;
import io.smallrye.reactive.messaging.kafka.companion.KafkaCompanion;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The topics of one cluster, the compilers that serve it, and a clock that tests can put forward.
 */
final class TestCluster implements AutoCloseable {
  static final Duration GRACE = Duration.ofHours(1);

  private final KafkaSettings settings;
  private final TopicReader reader;
  private final KafkaCompanion companion;
  private final AtomicLong forwardMicros = new AtomicLong();

  final TopicAdmin admin;
  final VersionStore versions;
  final List<CompilerLoop> loops = new ArrayList<>();

  private final Runnable atTheEnd;

  /** Makes a cluster on the shared broker, and deletes its topics at the end. */
  static TestCluster onSharedBroker() {
    return new TestCluster(SharedBroker.get(), SharedBroker.get()::deleteTopics);
  }

  TestCluster(TestBroker broker) {
    this(broker, () -> {});
  }

  private TestCluster(TestBroker broker, Runnable atTheEnd) {
    this.atTheEnd = atTheEnd;
    settings = new KafkaSettings(broker.settings());
    admin = new TopicAdmin(settings);
    reader = new TopicReader(settings, admin);
    versions = new VersionStore(reader);
    companion = new KafkaCompanion(broker.bootstrap());
  }

  CompilerLoop start() {
    return start(WideSetPolicy.NEVER);
  }

  CompilerLoop start(WideSetPolicy widePolicy) {
    var history = new VersionSettings.History(Duration.ofDays(7), 1L << 34, 4);
    var loop =
        new CompilerLoop(
            settings,
            new VersionSettings(history, GRACE, widePolicy, "test"),
            Set.of(),
            this::nowMicros);
    loops.add(loop);
    return loop;
  }

  /** Ends a compiler. */
  void end(CompilerLoop loop) {
    loops.remove(loop);
    loop.close();
  }

  /** Waits until a compiler owns all shards. */
  static void awaitAllShards(CompilerLoop loop) {
    await("all shards").until(() -> loop.state().ownedShards().size() == Topics.SHARDS);
  }

  static void awaitPosition(CompilerLoop loop, long position) {
    await("position").until(() -> loop.state().clusterPosition() == position);
  }

  void pass(Duration time) {
    forwardMicros.addAndGet(time.toNanos() / 1_000);
  }

  private long nowMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()) + forwardMicros.get();
  }

  void publish(ClusterObject... objects) {
    publish(List.of(objects));
  }

  void publish(List<ClusterObject> objects) {
    send(objects.stream().map(o -> record(o.key().toString(), Json.bytes(o))));
  }

  void remove(ObjectKey... keys) {
    send(Stream.of(keys).map(key -> record(key.toString(), null)));
  }

  /** Publishes a heartbeat of the watcher: the cluster is whole. */
  void beat() {
    beat(clusterTopicId());
  }

  void beat(String topicId) {
    publishRaw(Synced.KEY, Json.bytes(new Synced(topicId, "test", Map.of(), nowMicros())));
  }

  void publishRaw(String key, byte[] value) {
    send(Stream.of(record(key, value)));
  }

  private static ProducerRecord<String, byte[]> record(String key, byte[] value) {
    return new ProducerRecord<>(Topics.cluster().name(), 0, key, value);
  }

  private void send(Stream<ProducerRecord<String, byte[]>> records) {
    await("the cluster topic")
        .ignoreExceptions()
        .until(
            () -> {
              admin.ensure(List.of(Topics.cluster()));
              return true;
            });
    produce(records.toList());
  }

  void produce(List<ProducerRecord<String, byte[]>> records) {
    companion
        .produce(String.class, byte[].class)
        .fromRecords(records)
        .awaitCompletion(Patience.LIMIT);
  }

  String clusterTopicId() {
    return admin.ids(List.of(Topics.cluster().name())).get(Topics.cluster().name());
  }

  Set<String> topics() {
    return companion.topics().list();
  }

  boolean hasNodeTopics() {
    return topics().stream().anyMatch(name -> name.startsWith("portcullis.node."));
  }

  boolean exists(String topic) {
    return !admin.ids(List.of(topic)).isEmpty();
  }

  /** Waits for a version of a node with a greater number. */
  Version awaitVersion(String node, long after) {
    return await("a version of " + node)
        .ignoreExceptions()
        .until(
            () ->
                versions
                    .present(new Versioned.OfNode(node))
                    .filter(version -> version.marker().number() > after),
            Optional::isPresent)
        .orElseThrow();
  }

  /**
   * Waits until the owner of a node's shard has written its progress after this moment. By then it
   * has compared the shard with its topics, and has decided what to delete.
   */
  void awaitProgress(String node) {
    var shard = Topics.shardOf(node);
    var now = nowMicros();
    await("progress of shard " + shard)
        .ignoreExceptions()
        .until(
            () ->
                reader
                    .content(Topics.progress().name(), shard)
                    .flatMap(content -> ShardProgress.of(content.values()).shard())
                    .map(Progress::writtenMicros)
                    .filter(written -> written > now)
                    .isPresent());
  }

  @Override
  public void close() {
    loops.forEach(CompilerLoop::close);
    companion.close();
    admin.close();
    atTheEnd.run();
  }
}
