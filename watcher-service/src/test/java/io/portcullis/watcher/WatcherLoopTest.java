package io.portcullis.watcher;

import static io.portcullis.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.Synced;
import io.portcullis.json.Json;
import io.portcullis.sighting.Problem;
import io.portcullis.topic.KafkaSettings;
import io.portcullis.topic.TestBroker;
import io.portcullis.topic.TopicAdmin;
import io.portcullis.topic.TopicContent;
import io.portcullis.topic.TopicReader;
import io.portcullis.topic.Topics;
import io.portcullis.watcher.directory.ManifestDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real files in, the cluster topic of a real broker out. */
class WatcherLoopTest {
  private static final String POD = "core/Pod/shop/web";
  private static final String POLICY = "networking.k8s.io/NetworkPolicy/shop/deny";

  @TempDir Path folder;

  @AutoClose private static final TestBroker BROKER = new TestBroker();

  private TopicAdmin admin;
  private TopicReader reader;
  private Path manifests;
  private final List<WatcherLoop> loops = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    var settings = new KafkaSettings(BROKER.settings());
    admin = new TopicAdmin(settings);
    reader = new TopicReader(settings, admin);
    manifests = Files.createDirectory(folder.resolve("manifests"));
    write("pod.yaml", pod("10.244.1.5"));
    write("deny.yaml", policy("{}"));
  }

  @AfterEach
  void stop() {
    loops.forEach(WatcherLoop::close);
    admin.close();
    BROKER.deleteTopics();
  }

  @Test
  void filesArePublishedAndTheWholeIsSaid() throws Exception {
    startLoop();
    awaitObjects(POD, POLICY);
    var content = content();
    var synced = Json.read(content.values().get(Synced.KEY), Synced.class);
    assertThat(synced.topicId()).isEqualTo(content.topicId());
    assertThat(synced.counts()).containsEntry("Pod", 1).containsEntry("NetworkPolicy", 1);
    Files.delete(manifests.resolve("deny.yaml"));
    awaitObjects(POD);
  }

  @Test
  void n10_aFileThatBreaksLeavesItsLastGoodFormOverARestartToo() throws Exception {
    startLoop();
    awaitObjects(POD, POLICY);
    write("deny.yaml", policy("{matchLabels: [oops]}"));
    write("pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: web\n");
    await("two problems that say what is in force")
        .until(() -> problems().filter(problem -> problem.inForce().isPresent()).count() >= 2);
    assertThat(problems().map(Problem::file)).contains("deny.yaml", "pod.yaml");
    assertThat(problems().map(problem -> problem.inForce().orElseThrow()))
        .anyMatch(words -> words.startsWith("earlier form enforced since 20"))
        .anyMatch(words -> words.startsWith("Pod/shop/web: earlier form enforced since 20"));
    await("kept forms")
        .until(() -> objects().values().stream().allMatch(object -> object.origin().kept()));
    var before = content();
    loops.removeFirst().close();
    startLoop();
    awaitOwner();
    awaitBeatAfter(before);
    assertThat(objects().keySet()).containsExactly(POD, POLICY);
    assertThat(objects()).isEqualTo(objects(before));
    write("pod.yaml", pod("10.244.1.9"));
    await()
        .until(
            () ->
                objects().get(POD) instanceof Pod pod
                    && pod.addresses().getFirst().toString().equals("10.244.1.9"));
    assertThat(objects().get(POLICY)).isInstanceOf(NetworkPolicy.class);
  }

  @Test
  void n10_aPolicyThatIsMisspeltWhileNoWatcherRunsKeepsItsEarlierForm() throws Exception {
    startLoop();
    awaitObjects(POD, POLICY);
    var before = objects();
    loops.removeFirst().close();
    write("deny.yaml", policy("{}").replace("podSelector", "podselector"));
    write("pod.yaml", pod("10.244.1.5").replace("labels", "lables"));
    for (var restarts = 0; restarts < 2; restarts++) {
      startLoop();
      await("kept forms")
          .ignoreExceptions()
          .until(
              () ->
                  objects().size() == 2
                      && objects().values().stream().allMatch(object -> object.origin().kept()));
      await("what is in force")
          .untilAsserted(
              () ->
                  assertThat(problems().map(problem -> problem.inForce().orElse("")))
                      .hasSize(2)
                      .allMatch(words -> words.startsWith("earlier form enforced since 20")));
      assertThat(((NetworkPolicy) objects().get(POLICY)).subjects())
          .isEqualTo(((NetworkPolicy) before.get(POLICY)).subjects());
      assertThat(((Pod) objects().get(POD)).labels()).isEqualTo(((Pod) before.get(POD)).labels());
      loops.removeFirst().close();
    }
  }

  @Test
  void aDirectoryThatIsGoneDeletesNothingAndHealsByItself() throws Exception {
    startLoop();
    awaitObjects(POD, POLICY);
    Files.move(manifests, folder.resolve("elsewhere"));
    await().until(() -> loops.getFirst().state().lost().isPresent());
    assertThat(objects().keySet()).containsExactly(POD, POLICY);
    Files.delete(folder.resolve("elsewhere/deny.yaml"));
    Files.move(folder.resolve("elsewhere"), manifests);
    awaitObjects(POD);
    assertThat(loops.getFirst().state().lost()).isEmpty();
  }

  @Test
  void aRestartWritesNoObjectAgain() throws Exception {
    startLoop();
    awaitObjects(POD, POLICY);
    var before = objects();
    loops.removeFirst().close();
    startLoop();
    awaitOwner();
    awaitBeatAfter(content());
    assertThat(objects()).isEqualTo(before); // with the times at which they were first seen
  }

  @Test
  void aSecondWatcherTakesOver() throws Exception {
    startLoop();
    awaitOwner();
    startLoop();
    loops.removeFirst().close();
    awaitOwner();
    write("pod.yaml", pod("10.244.1.7"));
    await()
        .until(
            () ->
                objects().get(POD) instanceof Pod pod
                    && pod.addresses().getFirst().toString().equals("10.244.1.7"));
  }

  @Test
  void aTopicThatIsLostIsWrittenAgain() throws Exception {
    startLoop();
    awaitObjects(POD, POLICY);
    var before = content().topicId();
    try (var client = BROKER.companion()) {
      client.topics().delete(Topics.cluster().name());
    }
    awaitObjects(POD, POLICY);
    assertThat(content().topicId()).isNotEqualTo(before);
    BROKER.kill();
    BROKER.wipe();
    BROKER.start();
    awaitObjects(POD, POLICY);
  }

  private Stream<Problem> problems() {
    return loops.getFirst().state().problems().stream();
  }

  private void startLoop() throws IOException {
    loops.add(
        new WatcherLoop(
            new KafkaSettings(BROKER.settings()),
            new WatcherLoop.Input(
                "manifests",
                new ManifestDirectory(manifests, WatcherLoopTest::nowMicros),
                Optional.empty()),
            WatcherLoopTest::nowMicros));
  }

  private static long nowMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  private void awaitOwner() {
    await().until(() -> loops.getFirst().state().owner());
  }

  private void awaitBeatAfter(TopicContent before) {
    await()
        .until(
            () ->
                Json.read(content().values().get(Synced.KEY), Synced.class).clockMicros()
                    > Json.read(before.values().get(Synced.KEY), Synced.class).clockMicros());
  }

  private void awaitObjects(String... keys) {
    await()
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(objects().keySet()).containsExactly(keys));
    await().until(() -> content().values().containsKey(Synced.KEY));
  }

  private TopicContent content() {
    return reader.content(Topics.cluster().name(), 0).orElseThrow();
  }

  private Map<String, ClusterObject> objects() {
    return objects(content());
  }

  private static Map<String, ClusterObject> objects(TopicContent content) {
    var objects = new TreeMap<String, ClusterObject>();
    content.values().entrySet().stream()
        .filter(item -> !item.getKey().equals(Synced.KEY))
        .forEach(
            item -> objects.put(item.getKey(), Json.read(item.getValue(), ClusterObject.class)));
    return objects;
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(manifests.resolve(name), text);
  }

  private static String pod(String address) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: web, namespace: shop, labels: {app: web}}
    spec: {nodeName: n1}
    status: {podIP: %s}
    """
        .formatted(address);
  }

  private static String policy(String podSelector) {
    return """
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: deny, namespace: shop}
    spec: {podSelector: %s, policyTypes: [Ingress]}
    """
        .formatted(podSelector);
  }
}
