package io.portcullis.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.Synced;
import io.portcullis.compiler.publish.VersionSettings;
import io.portcullis.compiler.rest.ExplainResource;
import io.portcullis.compiler.versions.Version;
import io.portcullis.compiler.versions.VersionStore;
import io.portcullis.compiler.versions.VersionStore.Past;
import io.portcullis.compiler.versions.Versioned;
import io.portcullis.json.Json;
import io.portcullis.net.Family;
import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.net.Protocol;
import io.portcullis.policy.rules.WideSetPolicy;
import io.portcullis.ruleset.DanglingReferences;
import io.portcullis.ruleset.Evaluator;
import io.portcullis.ruleset.SetId;
import io.portcullis.ruleset.TrafficPath;
import io.portcullis.topic.KafkaSettings;
import io.portcullis.topic.TestBroker;
import io.portcullis.topic.TopicAdmin;
import io.portcullis.topic.TopicReader;
import io.portcullis.topic.Topics;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The loop against a real broker: cluster objects in, versions and history out. */
class CompilerLoopTest {
  private static final Versioned N1 = new Versioned.OfNode("n1");

  private static final Duration LONG = Duration.ofSeconds(90);
  private static final ObjectKey DENY =
      new ObjectKey("networking.k8s.io", "NetworkPolicy", "shop", "deny");

  private static final Duration GRACE = Duration.ofSeconds(5);

  @AutoClose private static final TestBroker BROKER = new TestBroker();

  private KafkaSettings settings;
  private TopicAdmin admin;
  private VersionStore versions;
  private final List<CompilerLoop> loops = new ArrayList<>();

  @BeforeEach
  void start() {
    settings = new KafkaSettings(BROKER.settings());
    admin = new TopicAdmin(settings);
    versions = new VersionStore(new TopicReader(settings, admin));
  }

  @AfterEach
  void stop() {
    loops.forEach(CompilerLoop::close);
    admin.close();
    BROKER.deleteTopics();
  }

  @Test
  void nothingIsWrittenBeforeTheSourceIsWhole() throws Exception {
    startLoop();
    publish(pod("web", 5), pod("api", 6));
    await().atMost(LONG).until(() -> loops.getFirst().state().clusterPosition() == 2);
    await()
        .during(Duration.ofSeconds(1))
        .atMost(LONG)
        .until(() -> topics().stream().noneMatch(name -> name.startsWith("portcullis.node.")));
    publishSynced(clusterTopicId());
    assertThat(awaitVersion("n1", 0).rules().endpoints()).hasSize(2);
  }

  @Test
  void aBeatOfAnEarlierIncarnationDoesNotMakeItWhole() throws Exception {
    startLoop();
    publish(pod("web", 5));
    publishSynced("AAAAAAAAAAAAAAAAAAAAAA");
    await()
        .during(Duration.ofSeconds(1))
        .atMost(LONG)
        .until(() -> topics().stream().noneMatch(name -> name.startsWith("portcullis.node.")));
  }

  @Test
  void everyVersionCanBeAskedForAgain() throws Exception {
    startLoop();
    publish(pod("web", 5), pod("api", 6), node("n2"));
    publishSynced(clusterTopicId());
    var open = awaitVersion("n1", 0);
    assertThat(awaitVersion("n2", 0).rules().records()).isEmpty();
    publish(deny());
    var closed = awaitVersion("n1", open.marker().number());
    assertThat(closed.marker().causes())
        .singleElement()
        .satisfies(
            cause -> {
              assertThat(cause.object()).isEqualTo(DENY.toString());
              assertThat(cause.source()).isEqualTo("test.yaml");
              assertThat(cause.seenMicros()).isEqualTo(7);
            });
    assertThat(allowed(open)).isTrue();
    assertThat(allowed(closed)).isFalse();
    remove(DENY);
    var reopened = awaitVersion("n1", closed.marker().number());
    assertThat(reopened.marker().digest()).isEqualTo(open.marker().digest());
    assertThat(reopened.marker().causes()).singleElement().matches(cause -> cause.removed());
    for (var version : List.of(open, closed, reopened)) {
      assertThat(versions.past(N1, version.marker().number())).isEqualTo(new Past.Found(version));
      assertThat(version.rules().digest().hex()).isEqualTo(version.marker().digest());
    }
    assertThat(versions.past(N1, 1)).isInstanceOf(Past.Gone.class);
    assertThat(versions.past(N1, open.marker().number() + 1)).isInstanceOf(Past.Unknown.class);
    assertThat(versions.positions().keySet()).containsExactly("n1", "n2");
  }

  @Test
  void aRestartWritesNothingAndGoesOn() throws Exception {
    startLoop();
    publish(pod("web", 5));
    publishSynced(clusterTopicId());
    var before = awaitVersion("n1", 0);
    loops.removeFirst().close();
    startLoop();
    await().atMost(LONG).until(() -> loops.getFirst().state().ownedShards().size() == 32);
    publish(deny());
    var after = awaitVersion("n1", before.marker().number());
    assertThat(after.marker().causes()).hasSize(1);
    assertThat(versions.past(N1, before.marker().number())).isEqualTo(new Past.Found(before));
  }

  @Test
  void whoTakesOverGoesOnFromWhatItFollowed() throws Exception {
    startTwoLoops();
    var before = awaitVersion("n1", 0);
    var owner = ownerOf("n1");
    publish(deny());
    var denied = awaitVersion("n1", before.marker().number());
    end(owner);
    assertThat(versions.present(N1)).contains(denied);
    remove(DENY);
    var after = awaitVersion("n1", denied.marker().number());
    assertThat(after.marker().digest()).isEqualTo(before.marker().digest());
    assertThat(versions.past(N1, denied.marker().number())).isEqualTo(new Past.Found(denied));
  }

  @Test
  void whatOthersWroteInBetweenIsSeenByWhoTakesOver() throws Exception {
    startTwoLoops();
    var before = awaitVersion("n1", 0);
    var owner = ownerOf("n1");
    var endpoint = before.rules().endpoints().iterator().next();
    sendTo(Topics.node("n1").name(), endpoint.key(), null);
    sendTo(Topics.node("n1").name(), "gremlin", new byte[] {1});
    end(owner);
    var after = awaitVersion("n1", before.marker().number());
    assertThat(after.rules()).isEqualTo(before.rules());
  }

  /** The second one joins only when it knows what the first one wrote. */
  private void startTwoLoops() throws Exception {
    startLoop();
    publish(pod("web", 5), pod("api", 6));
    publishSynced(clusterTopicId());
    awaitVersion("n1", 0);
    startLoop();
    await()
        .atMost(LONG)
        .until(
            () ->
                loops.stream()
                    .map(loop -> loop.state().ownedShards().size())
                    .toList()
                    .equals(List.of(Topics.SHARDS / 2, Topics.SHARDS / 2)));
  }

  private CompilerLoop ownerOf(String node) {
    return loops.stream()
        .filter(loop -> loop.state().ownedShards().contains(Topics.shardOf(node)))
        .findFirst()
        .orElseThrow();
  }

  private void end(CompilerLoop owner) {
    loops.remove(owner);
    owner.close();
    await()
        .atMost(LONG)
        .until(() -> loops.getFirst().state().ownedShards().size() == Topics.SHARDS);
  }

  @Test
  void manyVersionsAreRebuiltFromSnapshotsAndCommits() throws Exception {
    startLoop();
    publish(pod("web", 5));
    publishSynced(clusterTopicId());
    var seen = new ArrayList<>(List.of(awaitVersion("n1", 0)));
    for (var i = 0; i < 13; i++) {
      publish(pod("web", 5 + i % 2), pod("p" + i, 100 + i));
      seen.add(awaitVersion("n1", seen.getLast().marker().number()));
    }
    for (var version : List.of(seen.get(0), seen.get(4), seen.get(5), seen.get(8), seen.get(12))) {
      assertThat(versions.past(N1, version.marker().number())).isEqualTo(new Past.Found(version));
    }
  }

  @Test
  void aBrokerThatLostAllIsWrittenAgainOnlyWhenTheSourceIsWholeAgain() throws Exception {
    startLoop();
    publish(pod("web", 5), deny());
    publishSynced(clusterTopicId());
    var before = awaitVersion("n1", 0);
    BROKER.kill();
    BROKER.wipe();
    BROKER.start();
    await().atMost(LONG).ignoreExceptions().until(() -> topics() != null);
    await()
        .during(Duration.ofSeconds(15)) // longer than any takes to own shards and to miss a topic
        .atMost(LONG)
        .untilAsserted(
            () -> assertThat(topics()).noneMatch(name -> name.startsWith("portcullis.node.")));
    publish(pod("web", 5), deny());
    publishSynced(clusterTopicId());
    var after = awaitVersion("n1", before.marker().number());
    assertThat(after.marker().digest()).isEqualTo(before.marker().digest());
    assertThat(versions.past(N1, after.marker().number())).isEqualTo(new Past.Found(after));
  }

  @Test
  void aRecordThatCannotBeReadHarmsOnlyItself() throws Exception {
    startLoop();
    publish(pod("web", 5), deny());
    publishSynced(clusterTopicId());
    var before = awaitVersion("n1", 0);
    send("core/Pod/shop/web", "{\"type\":\"Gremlin\"}".getBytes());
    publish(pod("api", 6));
    var after = awaitVersion("n1", before.marker().number());
    assertThat(after.rules().endpoints()).hasSize(2);
    assertThat(loops.getFirst().state().unreadable()).containsKey("core/Pod/shop/web");
  }

  @Test
  void aVerdictIsExplainedAsSoonAsTheClusterIsWholeAndFollowsItsChanges() throws Exception {
    startLoop();
    var resource = new ExplainResource(loops.getFirst());
    publish(pod("web", 5), pod("api", 6));
    await().atMost(LONG).until(() -> loops.getFirst().state().clusterPosition() == 2);
    assertThat(explain(resource, "shop/api", "shop/web").getStatus()).isEqualTo(503);
    publishSynced(clusterTopicId());
    await().atMost(LONG).until(() -> verdict(resource).startsWith("{\"verdict\":\"allowed\""));
    publish(deny());
    await().atMost(LONG).until(() -> verdict(resource).startsWith("{\"verdict\":\"denied\""));
    assertThat(verdict(resource)).contains("\"policy\":\"NetworkPolicy/shop/deny\"");
    assertThat(explain(resource, "shop/api", "shop/wbe").getStatus()).isEqualTo(404);
    assertThat(explain(resource, "shop/api", "web").getStatus()).isEqualTo(400);
    assertThat(explain(resource, "shop/api", "fd00::5").getStatus()).isEqualTo(400);
    assertThat(
            resource
                .explain(Optional.of("shop/api"), Optional.of("shop/web"), Optional.empty())
                .getStatus())
        .isEqualTo(400);
  }

  private static Response explain(ExplainResource resource, String from, String to) {
    return resource.explain(Optional.of(from), Optional.of(to), Optional.of("tcp/80"));
  }

  private static String verdict(ExplainResource resource) {
    var response = explain(resource, "shop/api", "10.244.1.5");
    return new String((byte[]) response.getEntity(), StandardCharsets.UTF_8);
  }

  private void startLoop() {
    startLoop(WideSetPolicy.NEVER);
  }

  private void startLoop(WideSetPolicy width) {
    loops.add(
        new CompilerLoop(
            settings,
            new VersionSettings(Duration.ofDays(7), 1L << 34, 4, GRACE, width, "test"),
            Set.of(),
            () -> ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now())));
  }

  private Version awaitVersion(String node, long after) {
    return await()
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptions()
        .until(
            () ->
                versions
                    .present(new Versioned.OfNode(node))
                    .filter(v -> v.marker().number() > after),
            Optional::isPresent)
        .orElseThrow();
  }

  private static boolean allowed(Version version) {
    var flow =
        new Flow(
            IpAddress.parse("10.244.1.6"),
            IpAddress.parse("10.244.1.5"),
            Optional.of(new Flow.Port(Protocol.TCP, 80)));
    return Evaluator.decide(version.rules(), TrafficPath.INGRESS, flow).allowed();
  }

  private void publish(ClusterObject... objects) throws Exception {
    for (var object : objects) {
      send(object.key().toString(), Json.bytes(object));
    }
  }

  private void publishSynced(String topicId) throws Exception {
    send(Synced.KEY, Json.bytes(new Synced(topicId, "test", Map.of(), 1)));
  }

  private void remove(ObjectKey key) throws Exception {
    send(key.toString(), null);
  }

  private void send(String key, byte[] value) throws Exception {
    await()
        .atMost(LONG)
        .ignoreExceptions()
        .until(
            () -> {
              admin.ensure(List.of(Topics.cluster()));
              return true;
            });
    sendTo(Topics.cluster().name(), key, value);
  }

  private void sendTo(String topic, String key, byte[] value) throws Exception {
    try (var producer = new KafkaProducer<String, byte[]>(settings.producer())) {
      producer.send(new ProducerRecord<>(topic, 0, key, value)).get();
    }
  }

  private String clusterTopicId() {
    return admin.ids(List.of(Topics.cluster().name())).get(Topics.cluster().name());
  }

  private Set<String> topics() throws Exception {
    try (var client = Admin.create(BROKER.settings())) {
      return client.listTopics().names().get();
    }
  }

  private static ClusterObject pod(String name, int number) {
    return pod(name, number, "n1");
  }

  private static ClusterObject pod(String name, int number, String node) {
    return new ClusterObject.Pod(
        ObjectKey.pod("shop", name),
        new Origin("test.yaml", "", 0, 5),
        Map.of("app", name),
        node,
        List.of(IpAddress.parse("10.244.1." + number)),
        false,
        false,
        0,
        List.of());
  }

  private static ClusterObject node(String name) {
    return new ClusterObject.Node(
        ObjectKey.node(name), new Origin("test.yaml", "", 0, 5), Map.of(), List.of(), List.of());
  }

  private static ClusterObject deny() {
    return new ClusterObject.NetworkPolicy(
        DENY,
        new Origin("test.yaml", "", 0, 7),
        LabelSelector.EVERYTHING,
        Set.of(Direction.INGRESS),
        List.of(),
        List.of());
  }

  private static ClusterObject allowAll() {
    var everybody = new Peer.Pods(Optional.empty(), Optional.of(LabelSelector.EVERYTHING));
    return new ClusterObject.NetworkPolicy(
        new ObjectKey(DENY.group(), DENY.kind(), DENY.namespace(), "among-us"),
        new Origin("test.yaml", "", 0, 7),
        LabelSelector.EVERYTHING,
        Set.of(Direction.INGRESS),
        List.of(new PolicyRule(Optional.of(List.of(everybody)), Optional.empty())),
        List.of());
  }

  private SetId everybody(Version version) {
    return version.marker().wide().stream()
        .filter(need -> need.set().family() == Family.V4)
        .findFirst()
        .orElseThrow()
        .set();
  }

  @Test
  void aSetThatManyNodesNeedIsPublishedOnceAndHasVersionsOfItsOwn() throws Exception {
    startLoop(new WideSetPolicy(3));
    var nodes = List.of("n1", "n2", "n3", "n4");
    for (var i = 0; i < nodes.size(); i++) {
      publish(pod("web-" + i, 10 + i, nodes.get(i)), node(nodes.get(i)));
    }
    publish(allowAll());
    publishSynced(clusterTopicId());
    var first = awaitVersion("n1", 0);
    var set = new Versioned.OfSet(everybody(first));
    assertThat(DanglingReferences.of(first.rules())).isEmpty();
    assertThat(first.rules().members(set.id())).hasSize(4);
    assertThat(first.wide()).containsKey(set.id());
    assertThat(first.marker().digest()).isNotEqualTo(first.rules().digest().hex());
    var others = awaitVersion("n2", 0);
    assertThat(everybody(others)).isEqualTo(set.id());

    publish(pod("api", 20, "n1"));
    var second = awaitVersion("n1", first.marker().number());
    assertThat(second.rules().members(set.id())).hasSize(5);
    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                assertThat(versions.present(set).orElseThrow().rules().members(set.id()))
                    .hasSize(5));
    var n2 = versions.present(new Versioned.OfNode("n2")).orElseThrow();
    assertThat(n2.marker()).isEqualTo(others.marker());
    assertThat(n2.rules().members(set.id())).hasSize(5);
    var past = versions.past(N1, first.marker().number());
    assertThat(((Past.Found) past).version().rules()).isEqualTo(first.rules());
    var ofSet = versions.past(set, first.wide().get(set.id()).number());
    assertThat(((Past.Found) ofSet).version().rules().members(set.id())).hasSize(4);
    assertThat(versions.positions()).containsOnlyKeys(nodes);

    loops.removeFirst().close();
    startLoop(new WideSetPolicy(3));
    await().atMost(LONG).until(() -> loops.getFirst().state().ownedShards().size() == 32);
    await()
        .during(Duration.ofSeconds(2))
        .atMost(LONG)
        .until(
            () ->
                versions.present(N1).orElseThrow().marker().equals(second.marker())
                    && versions
                        .present(set)
                        .orElseThrow()
                        .marker()
                        .equals(second.wide().get(set.id())));

    publish(pod("more", 21, "n2"));
    awaitVersion("n2", others.marker().number());
    for (var node : List.of("n3", "n4")) {
      remove(ObjectKey.pod("shop", "web-" + nodes.indexOf(node)));
      remove(ObjectKey.node(node));
    }
    await()
        .atMost(LONG)
        .untilAsserted(
            () -> {
              var narrow = versions.present(N1).orElseThrow();
              assertThat(narrow.marker().wide()).isEmpty();
              assertThat(narrow.rules().members(set.id())).hasSize(4);
              assertThat(narrow.rules().digest().hex()).isEqualTo(narrow.marker().digest());
              assertThat(versions.present(set)).isEmpty();
            });
  }

  @Test
  void aSetThatIsWideAgainIsInHistoryAsItIs() throws Exception {
    startLoop(new WideSetPolicy(2));
    publish(pod("web", 10, "n1"), node("n1"), node("n2"), pod("goes", 11, "n1"), allowAll());
    publishSynced(clusterTopicId());
    var set = new Versioned.OfSet(everybody(awaitVersion("n1", 0)));
    assertThat(versions.present(set).orElseThrow().rules().members(set.id())).hasSize(2);
    remove(ObjectKey.node("n2"));
    await().atMost(LONG).until(() -> versions.present(set).isEmpty());
    remove(ObjectKey.pod("shop", "goes"));
    publish(node("n2"));
    await().atMost(LONG).until(() -> versions.present(set).isPresent());
    var back = versions.present(set).orElseThrow();
    assertThat(back.rules().members(set.id())).hasSize(1);
    assertThat(versions.past(set, back.marker().number())).isEqualTo(new Past.Found(back));
  }
}
