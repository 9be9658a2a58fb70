package io.portcullis.watcher.status;

import static io.portcullis.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Severity;
import io.portcullis.validation.Kind;
import io.portcullis.watcher.apiserver.ApiServer;
import io.portcullis.watcher.apiserver.FakeApiServer;
import io.portcullis.watcher.apiserver.FakeRequest;
import io.portcullis.watcher.source.MissingPorts;
import io.portcullis.watcher.status.Rollout.Reach;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What is written at objects, seen from the API server. */
class StatusWriterTest {
  private static final String EVENTS = "/namespaces/default/events";
  private static final ObjectKey DENY = Kind.CLUSTER_POLICY.key("", "deny");

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-05-04T03:02:01Z"));

  @AutoClose private final FakeApiServer fake = new FakeApiServer();
  @AutoClose private final ApiServer server = fake.server();
  @AutoClose private final StatusWriter writer = new StatusWriter(server, now::get);

  private static StatusConditions policy(String name, long generation, Problem... problems) {
    return new StatusConditions(
        Kind.CLUSTER_POLICY,
        Kind.CLUSTER_POLICY.apiVersion(),
        "",
        name,
        "uid-" + name,
        generation,
        List.of(problems),
        Map.of());
  }

  private void show(String name, long generation, Problem... problems) {
    writer.shown(Kind.CLUSTER_POLICY.key("", name), policy(name, generation, problems));
  }

  private static Problem invalid() {
    return new Problem("api", "deny", "spec.tier", "Unsupported value", Severity.ERROR)
        .withInForce("not enforced at all");
  }

  private List<FakeRequest> patches(String name) {
    return fake.requests("clusternetworkpolicies/" + name + "/status");
  }

  private void awaitPatches(String name, int count) {
    await("patches of " + name).until(() -> patches(name).size() >= count);
  }

  @Test
  void aPolicysConditionsAreAppliedAsTheWatchersOwn() {
    writer.own(true);
    show("deny", 4);
    awaitPatches("deny", 1);
    var patch = patches("deny").getFirst();
    assertThat(patch.method()).isEqualTo("PATCH");
    assertThat(patch.query())
        .containsEntry("fieldManager", "portcullis-watcher")
        .containsEntry("force", "true");
    var applied = patch.json();
    assertThat(applied.path("apiVersion").asText()).isEqualTo(Kind.CLUSTER_POLICY.apiVersion());
    assertThat(applied.path("kind").asText()).isEqualTo("ClusterNetworkPolicy");
    assertThat(applied.at("/metadata/name").asText()).isEqualTo("deny");
    var accepted = applied.at("/status/conditions/0");
    assertThat(accepted.path("type").asText()).isEqualTo("Accepted");
    assertThat(accepted.path("status").asText()).isEqualTo("True");
    assertThat(accepted.path("observedGeneration").asLong()).isEqualTo(4);
    assertThat(accepted.path("lastTransitionTime").asText()).isEqualTo("2026-05-04T03:02:01Z");
  }

  @Test
  void a11_whichNodesHoldAPolicyIsWrittenAtIt() {
    writer.own(true);
    show("deny", 4);
    writer.reached(
        DENY,
        new Origin("api", "uid-deny", 4, 0, false),
        new Reach(2, new TreeSet<>(List.of("n2"))));
    await().until(() -> patches("deny").stream().anyMatch(p -> p.body().contains("not yet: n2")));
    writer.reached(DENY, new Origin("api", "uid-deny", 4, 0, false), new Reach(2, new TreeSet<>()));
    await()
        .until(() -> patches("deny").stream().anyMatch(p -> p.body().contains("All 2 nodes hold")));
  }

  @Test
  void onlyTheWatcherThatPublishesWrites() {
    show("deny", 4, invalid());
    try (var owner = new StatusWriter(server, now::get)) {
      owner.own(true);
      owner.shown(Kind.CLUSTER_POLICY.key("", "other"), policy("other", 1));
      awaitPatches("other", 1);
    }
    assertThat(patches("deny")).isEmpty();
    writer.own(true); // it has taken over: what is not said yet is said now
    awaitPatches("deny", 1);
    await().until(() -> fake.requests(EVENTS).size() == 1);
  }

  @Test
  void aNewOwnerWritesWhatAnotherMayHaveFailedToWrite() {
    writer.own(true);
    show("deny", 4);
    awaitPatches("deny", 1);
    writer.own(false);
    writer.own(true);
    awaitPatches("deny", 2);
  }

  @Test
  void anObjectsProblemsAreAnEvent() {
    writer.own(true);
    show("deny", 4, invalid());
    await().until(() -> fake.requests(EVENTS).size() == 1);
    var event = fake.requests(EVENTS).getFirst();
    assertThat(event.method()).isEqualTo("POST");
    assertThat(event.json().path("reason").asText()).isEqualTo("Invalid");
    assertThat(event.json().at("/involvedObject/name").asText()).isEqualTo("deny");
    assertThat(event.json().path("message").asText())
        .isEqualTo("It is invalid; not enforced at all: spec.tier: Unsupported value");
  }

  @Test
  void n10_aRefusalIsToldOnceItIsKnownWhatIsInForce() {
    writer.own(true);
    show("deny", 4, invalid().withoutInForce());
    show("later", 1);
    awaitPatches("later", 1);
    show("latest", 1);
    awaitPatches("latest", 1);
    assertThat(patches("deny")).isEmpty();
    writer.inForce(Map.of(DENY, "closed: nothing passes"));
    await().until(() -> fake.requests(EVENTS).size() == 1);
    assertThat(fake.requests(EVENTS).getFirst().json().path("message").asText())
        .isEqualTo("It is invalid; closed: nothing passes: spec.tier: Unsupported value");
    assertThat(patches("deny").getFirst().body()).contains("closed: nothing passes");
    writer.inForce(Map.of(DENY, "earlier form enforced since 2026-05-04T03:02:01Z"));
    await().until(() -> fake.requests(EVENTS).size() == 2);
  }

  @Test
  void anEventThatIsThereAlreadyIsDone() {
    fake.refuse(EVENTS, 409, "already exists");
    writer.own(true);
    show("deny", 4, invalid());
    await().until(() -> fake.requests(EVENTS).size() == 1);
    show("later", 1);
    awaitPatches("later", 1);
    show("latest", 1);
    awaitPatches("latest", 1);
    assertThat(fake.requests(EVENTS)).hasSize(1);
    assertThat(patches("deny")).hasSize(1);
  }

  @Test
  void anObjectThatIsGoneMeanwhileIsDone() {
    fake.refuse("/deny/status", 404, "not found");
    writer.own(true);
    show("deny", 4);
    awaitPatches("deny", 1);
    show("later", 1);
    awaitPatches("later", 1);
    show("latest", 1);
    awaitPatches("latest", 1);
    assertThat(patches("deny")).hasSize(1);
  }

  @Test
  void aRefusalHoldsNoOtherObjectUpAndIsTriedAgain() {
    for (var status : new int[] {403, 409, 422, 500}) {
      var name = "refused-" + status;
      fake.refuse("/" + name + "/status", status, "no");
      writer.own(true);
      show(name, 4);
      awaitPatches(name, 1);
      show("after-" + status, 1);
      awaitPatches("after-" + status, 1);
      fake.allow("/" + name + "/status");
      show("again-" + status, 1);
      awaitPatches(name, 2);
      awaitPatches("again-" + status, 1);
    }
  }

  @Test
  void inANamespaceThatIsBeingDeletedNothingIsTriedAgain() {
    fake.refuse(
        "/namespaces/shop/events",
        403,
        "events \"web.1\" is forbidden: unable to create new content in namespace shop because it is"
            + " being terminated");
    writer.own(true);
    var key = Kind.NETWORK_POLICY.key("shop", "web");
    writer.shown(
        key,
        new StatusConditions(
            Kind.NETWORK_POLICY,
            Kind.NETWORK_POLICY.apiVersion(),
            "shop",
            "web",
            "uid",
            1,
            List.of(invalid()),
            Map.of()));
    await().until(() -> fake.requests("/namespaces/shop/events").size() == 1);
    for (var name : List.of("later", "latest")) {
      now.updateAndGet(time -> time.plusSeconds(600));
      show(name, 1);
      awaitPatches(name, 1);
    }
    assertThat(fake.requests("/namespaces/shop/events")).hasSize(1);
  }

  @Test
  void n9_aPortThatIsStillMissingAfterItsTimeIsAnEvent() {
    writer.own(true);
    var key = Kind.NETWORK_POLICY.key("shop", "web");
    var missing =
        new MissingPorts(
            new Origin("api", "uid-web", 1, 0, false),
            List.of(
                new Problem(
                    "api", "web", "spec.ingress[0].ports", "no pod has it", Severity.WARNING)));
    writer.missingPorts(Map.of(key, missing));
    show("before", 1);
    awaitPatches("before", 1);
    var events = "/namespaces/shop/events";
    assertThat(fake.requests(events)).isEmpty();
    now.updateAndGet(time -> time.plusSeconds(5));
    writer.missingPorts(Map.of(key, missing));
    await().until(() -> fake.requests(events).size() == 1);
    var event = fake.requests(events).getFirst().json();
    assertThat(event.path("reason").asText()).isEqualTo("NamedPortMissing");
    assertThat(event.path("message").asText()).isEqualTo("spec.ingress[0].ports: no pod has it");
    assertThat(event.at("/involvedObject/namespace").asText()).isEqualTo("shop");
  }
}
