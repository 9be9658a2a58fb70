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

  private void itIsToldWithItsObjects() {
    await()
        .untilAsserted(
            () ->
                assertThat(loops.getFirst().state().problems())
                    .anySatisfy(
                        problem ->
                            assertThat(problem.text())
                                .contains("ClusterNetworkPolicy", UNKNOWN, "as it was: deny")));
    assertThat(loops.getFirst().state().lost()).isEmpty();
    assertThat(loops.getFirst().isReported(CLUSTER_POLICY, State.UNSERVED)).isTrue();
  }

  private List<String> namesOfEvents() {
    return server.requests("/events").stream()
        .map(FakeRequest::json)
        .filter(event -> event.path("reason").asText().equals("KindUnserved"))
        .map(event -> event.at("/metadata/name").asText())
        .toList();
  }

  @Test
  void aKindThatIsUnservedStaysPublishedOverARestartAndATakeOverAndHeals() {
    pod("a");
    server.serve(CLUSTER_POLICY);
    server.put(
        CLUSTER_POLICY,
        "",
        "deny",
        "{\"spec\": {\"tier\": \"Admin\", \"priority\": 5, \"subject\": {\"namespaces\": {}}}}");
    startLoop();
    await().ignoreExceptions().until(() -> published().contains(DENY));
    server.serveIn(CLUSTER_POLICY, UNKNOWN);
    itIsToldWithItsObjects();
    othersGoOn("b");

    loops.removeFirst().close();
    startLoop();
    itIsToldWithItsObjects();
    othersGoOn("c");

    startLoop();
    await().until(() -> loops.getLast().state().whole());
    loops.removeFirst().close();
    itIsToldWithItsObjects();
    othersGoOn("d");
    await().until(() -> namesOfEvents().size() > 1);
    assertThat(namesOfEvents().stream().distinct()).as("one event").hasSize(1);

    server.delete(CLUSTER_POLICY, "", "deny");
    server.serve(CLUSTER_POLICY);
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
