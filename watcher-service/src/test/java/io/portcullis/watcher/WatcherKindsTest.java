package io.portcullis.watcher;

import static io.portcullis.Patience.await;
import static io.portcullis.validation.Kind.CLUSTER_POLICY;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.KnownKind.State;
import io.portcullis.cluster.Synced;
import io.portcullis.json.Json;
import io.portcullis.topic.KafkaSettings;
import io.portcullis.topic.TestBroker;
import io.portcullis.topic.TopicAdmin;
import io.portcullis.topic.TopicReader;
import io.portcullis.topic.Topics;
import io.portcullis.validation.Kind;
import io.portcullis.watcher.apiserver.FakeApiServer;
import io.portcullis.watcher.apiserver.FakeRequest;
import io.portcullis.watcher.kubernetes.KubernetesSource;
import io.portcullis.watcher.status.StatusWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** An API server that stops serving a kind in, the cluster topic of a real broker out. */
class WatcherKindsTest {
  private static final String DENY = "policy.networking.k8s.io/ClusterNetworkPolicy//deny";
  private static final String UNKNOWN = "policy.networking.k8s.io/v1";

  @AutoClose private final TestBroker broker = new TestBroker();
  @AutoClose private final FakeApiServer server = new FakeApiServer();
  private final KafkaSettings settings = new KafkaSettings(broker.settings());
  @AutoClose private final TopicAdmin admin = new TopicAdmin(settings);
  private final TopicReader reader = new TopicReader(settings, admin);
  private final List<WatcherLoop> loops = new ArrayList<>();

  @AfterEach
  void stop() {
    loops.forEach(WatcherLoop::close);
  }

  private void startLoop() {
    var status = new StatusWriter(server.server(), Instant::now);
    var source =
        new KubernetesSource(server.server(), status, WatcherKindsTest::nowMicros, Set.of());
    loops.add(
        new WatcherLoop(
            settings,
            new WatcherLoop.Input("kubernetes", source, Optional.of(status)),
            WatcherKindsTest::nowMicros));
  }

  private static long nowMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  private void pod(String name) {
    server.put(Kind.POD, "shop", name, "{\"spec\": {\"nodeName\": \"n1\"}}");
  }

  private Set<String> published() {
    return reader.content(Topics.cluster().name(), 0).orElseThrow().values().keySet();
  }

  /** Waits until another kind's change is published, which the owner writes after all before. */
  private void othersGoOn(String pod) {
    pod(pod);
    await().ignoreExceptions().until(() -> published().contains("core/Pod/shop/" + pod));
    assertThat(published()).contains(DENY);
  }

  /** A kind's trouble, as it is told. */
  private record Trouble(State state, String text, String event) {
    static final Trouble UNSERVED = new Trouble(State.UNSERVED, UNKNOWN, "KindUnserved");
    static final Trouble REFUSED = new Trouble(State.UNREADABLE, "may not list", "KindUnreadable");
  }

  private void itIsToldWithItsObjects(Trouble trouble) {
    await()
        .untilAsserted(
            () ->
                assertThat(loops.getFirst().state().problems())
                    .anySatisfy(
                        problem ->
                            assertThat(problem.text())
                                .contains(
                                    "ClusterNetworkPolicy", trouble.text(), "as it was: deny")));
    assertThat(loops.getFirst().state().lost()).isEmpty();
    assertThat(loops.getFirst().isReported(CLUSTER_POLICY, trouble.state())).isTrue();
  }

  private List<String> namesOfEvents(String reason) {
    return server.requests("/events").stream()
        .map(FakeRequest::json)
        .filter(event -> event.path("reason").asText().equals(reason))
        .map(event -> event.at("/metadata/name").asText())
        .toList();
  }

  @Test
  void aKindThatIsUnservedStaysPublishedOverARestartAndATakeOverAndHeals() {
    staysPublished(Trouble.UNSERVED, () -> server.serveIn(CLUSTER_POLICY, UNKNOWN));
    server.delete(CLUSTER_POLICY, "", "deny");
    server.serve(CLUSTER_POLICY);
    heals();
  }

  @Test
  void aKindThatMayNotBeReadStaysPublishedOverARestartAndATakeOverAndHeals() {
    staysPublished(
        Trouble.REFUSED,
        () -> {
          CLUSTER_POLICY
              .apiVersions()
              .forEach(version -> server.refuse(CLUSTER_POLICY.path(version), 403, "may not list"));
          server.endWatches(CLUSTER_POLICY);
        });
    server.delete(CLUSTER_POLICY, "", "deny");
    CLUSTER_POLICY.apiVersions().forEach(version -> server.allow(CLUSTER_POLICY.path(version)));
    heals();
  }

  private void staysPublished(Trouble trouble, Runnable begins) {
    pod("a");
    server.serve(CLUSTER_POLICY);
    server.put(
        CLUSTER_POLICY,
        "",
        "deny",
        "{\"spec\": {\"tier\": \"Admin\", \"priority\": 5, \"subject\": {\"namespaces\": {}}}}");
    startLoop();
    await().ignoreExceptions().until(() -> published().contains(DENY));
    begins.run();
    itIsToldWithItsObjects(trouble);
    othersGoOn("b");

    loops.removeFirst().close();
    startLoop();
    itIsToldWithItsObjects(trouble);
    othersGoOn("c");

    startLoop();
    await().until(() -> loops.getLast().state().whole());
    loops.removeFirst().close();
    itIsToldWithItsObjects(trouble);
    othersGoOn("d");
    await().until(() -> namesOfEvents(trouble.event()).size() > 1);
    assertThat(namesOfEvents(trouble.event()).stream().distinct()).as("one event").hasSize(1);
  }

  private void heals() {
    await().until(() -> !published().contains(DENY));
    await().until(() -> loops.getFirst().state().kinds().isEmpty());
    await()
        .untilAsserted(
            () ->
                assertThat(synced().kinds().get(CLUSTER_POLICY.resource()).state())
                    .isEqualTo(State.SERVED));
  }

  private Synced synced() {
    var content = reader.content(Topics.cluster().name(), 0).orElseThrow();
    return Json.read(content.values().get(Synced.KEY), Synced.class);
  }
}
