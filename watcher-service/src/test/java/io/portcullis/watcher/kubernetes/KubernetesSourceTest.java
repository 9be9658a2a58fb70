package io.portcullis.watcher.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.Patience;
import io.portcullis.validation.Kind;
import io.portcullis.watcher.apiserver.FakeApiServer;
import io.portcullis.watcher.kubernetes.InformerContext.Timing;
import io.portcullis.watcher.source.SourceEvent;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the source promises, against a server that does what real ones do. */
class KubernetesSourceTest {
  private static final Duration LONGER_THAN_A_LOSS = Duration.ofSeconds(4);
  private static final Duration LONGER_THAN_A_RESTART = Duration.ofSeconds(21);

  @AutoClose private final FakeApiServer server = new FakeApiServer();
  private ReadSource read;

  @BeforeEach
  void makeTwoPods() {
    pod("a", "1");
    pod("b", "1");
  }

  @AfterEach
  void stop() {
    if (read != null) {
      read.close();
    }
  }

  private void start() throws InterruptedException {
    start(ReadSource.PATIENT);
  }

  private void start(Timing timing) throws InterruptedException {
    read = new ReadSource(server, timing);
    read.untilWhole();
  }

  private void pod(String name, String label) {
    server.put(
        Kind.POD,
        "shop",
        name,
        """
        {"metadata": {"labels": {"version": "%s"}},
         "spec": {"nodeName": "n1"}, "status": {"podIP": "10.0.0.1"}}
        """
            .formatted(label));
  }

  private void clusterPolicy(String name) {
    server.put(
        Kind.CLUSTER_POLICY,
        "",
        name,
        """
        {"metadata": {"generation": 1},
         "spec": {"tier": "Admin", "priority": 5, "subject": {"namespaces": {}}}}
        """);
  }

  // pages

  @Test
  void aLongListIsReadPageByPage() throws Exception {
    for (var i = 0; i < 1_200; i++) {
      pod("pod-" + i, "1");
    }
    start();
    assertThat(read.objects).hasSize(1_202);
    var pages = server.pages(Kind.POD);
    assertThat(pages)
        .hasSize(3)
        .allSatisfy(p -> assertThat(p.query()).containsEntry("limit", "500"));
    assertThat(pages.getFirst().query()).doesNotContainKey("continue");
    assertThat(pages.getLast().query()).containsKey("continue");
  }

  @Test
  void aListWhosePagesExpireIsReadAgainFromItsStart() throws Exception {
    for (var i = 0; i < 600; i++) {
      pod("pod-" + i, "1");
    }
    server.expireNextPage();
    start();
    assertThat(read.objects).hasSize(602);
    assertThat(server.pages(Kind.POD))
        .extracting(page -> page.query().containsKey("continue"))
        .containsExactly(false, true, false, true);
    assertThat(read.shown).containsEntry("a", 1);
    assertThat(read.losses()).isEmpty();
  }

  // watches

  @Test
  void changesArriveWithoutAnotherList() throws Exception {
    start();
    pod("a", "2");
    pod("c", "1");
    server.delete(Kind.POD, "shop", "b");
    read.untilHolds("a", "c");
    read.until("the change", () -> read.objects.get("a").contains("version=2"));
    assertThat(server.pages(Kind.POD)).hasSize(1);
  }

  @Test
  void aWatchThatEndsGoesOnWhereItWas() throws Exception {
    start();
    var last = server.put(Kind.POD, "shop", "c", "{}");
    read.untilHolds("a", "b", "c");
    server.endWatches(Kind.POD);
    read.until("a second watch", () -> server.watches(Kind.POD).size() == 2);
    pod("d", "1");
    read.untilHolds("a", "b", "c", "d");
    assertThat(server.watches(Kind.POD).get(1).query())
        .containsEntry("resourceVersion", last.at("/metadata/resourceVersion").asText());
    assertThat(server.pages(Kind.POD)).hasSize(1);
    assertThat(read.shown).containsEntry("a", 1);
  }

  @Test
  void aWatchGoesOnFromItsBookmark() throws Exception {
    start();
    assertThat(server.watches(Kind.NODE).getFirst().query())
        .containsKey("allowWatchBookmarks")
        .containsKey("timeoutSeconds");
    pod("c", "1");
    read.untilHolds("a", "b", "c");
    var mark = server.bookmark(Kind.NODE);
    server.endWatches(Kind.NODE);
    read.until(
        "a watch from the bookmark",
        () ->
            server.watches(Kind.NODE).stream()
                .anyMatch(watch -> watch.query().get("resourceVersion").equals(mark)));
    assertThat(server.pages(Kind.NODE)).hasSize(1);
  }

  @Test
  void whatWatchesMissedIsListed410() throws Exception {
    start();
    server.muteWatches(Kind.POD);
    pod("c", "1");
    server.delete(Kind.POD, "shop", "b");
    server.compact();
    server.endWatches(Kind.POD);
    read.untilHolds("a", "c");
    assertThat(server.pages(Kind.POD)).hasSize(2);
    assertThat(read.shown).containsEntry("a", 1); // it has not changed
    assertThat(read.losses()).isEmpty();
  }

  @Test
  void aConnectionThatBreaksSilentlyIsFoundByItself() throws Exception {
    start(
        new Timing(
            Duration.ofMillis(20),
            Patience.LIMIT,
            Patience.LIMIT,
            Duration.ofSeconds(1),
            Duration.ofMillis(100),
            Duration.ofMillis(200)));
    server.muteWatches(Kind.POD);
    pod("c", "1");
    read.untilHolds("a", "b", "c");
    assertThat(server.pages(Kind.POD)).hasSize(1);
  }

  @Test
  void aConnectionThatBreaksOffIsMadeAgain() throws Exception {
    start();
    server.breakWatches(Kind.POD);
    pod("c", "1");
    read.untilHolds("a", "b", "c");
    assertThat(server.pages(Kind.POD)).hasSize(1);
    assertThat(read.losses()).isEmpty();
  }

  // lost and found

  @Test
  void aKindThatMayNotBeReadIsALossWithItsRemedyAndDeletesNothing() throws Exception {
    start();
    server.refuse(Kind.POD.path(), 403, "pods is forbidden");
    server.endWatches(Kind.POD);
    var lost = read.untilLost();
    assertThat(lost.reason()).contains("pods cannot be read", "pods is forbidden", "role");
    assertThat(lost.forNanos()).isGreaterThan(Duration.ofSeconds(3).toNanos());
    assertThat(read.objects.keySet()).containsExactly("a", "b");
    pod("c", "1");
    server.allow(Kind.POD.path());
    read.untilFound();
    read.untilHolds("a", "b", "c");
  }

  @Test
  void aMomentsTroubleIsNoLoss() throws Exception {
    start();
    server.refuse(Kind.POD.path(), 503, "starting");
    server.endWatches(Kind.POD);
    read.until("a second refusal", () -> server.watches(Kind.POD).size() > 2);
    server.allow(Kind.POD.path());
    pod("c", "1");
    read.untilHolds("a", "b", "c");
    read.pass(LONGER_THAN_A_LOSS);
    pod("d", "1");
    read.untilHolds("a", "b", "c", "d");
    assertThat(read.losses()).isEmpty();
  }

  @Test
  void whatCannotBeReadFromTheStartIsNotWhole() throws Exception {
    server.refuse(Kind.NODE.path(), 403, "nodes is forbidden");
    read = new ReadSource(server, ReadSource.PATIENT);
    assertThat(read.untilLost().reason()).contains("nodes cannot be read");
    assertThat(read.objects).isEmpty();
    server.allow(Kind.NODE.path());
    read.untilWhole();
    assertThat(read.objects.keySet()).containsExactly("a", "b");
  }

  @Test
  void aServerThatIsNotReadyIsALoss() throws Exception {
    start();
    server.refuse("/readyz", 500, "etcd is away");
    assertThat(read.untilLost().reason()).contains("does not answer as it should", "etcd is away");
    server.allow("/readyz");
    read.untilFound();
  }

  @Test
  void whatBrokeWhileTheServerWasSilentIsListedAgain() throws Exception {
    start(
        new Timing(
            Duration.ofMillis(20),
            Duration.ofSeconds(1),
            Patience.LIMIT,
            Patience.LIMIT,
            Patience.LIMIT,
            Duration.ofMillis(200)));
    server.muteWatches(Kind.POD);
    server.silent(true);
    assertThat(read.untilLost().reason()).contains("does not answer as it should");
    server.delete(Kind.POD, "shop", "b");
    server.silent(false);
    read.untilHolds("a");
    read.until("lists again", () -> server.pages(Kind.NAMESPACE).size() > 1);
    assertThat(server.pages(Kind.POD)).hasSizeGreaterThan(1);
    read.until("found", () -> read.events.stream().anyMatch(SourceEvent.Found.class::isInstance));
  }

  @Test
  void lookingAgainIsDoneWhenAllOfItWasTold() throws Exception {
    start();
    server.muteWatches(Kind.POD);
    pod("c", "1");
    var done = read.source.lookAgain();
    assertThat(done.getAsBoolean()).isFalse();
    read.until("looked again", done);
    assertThat(read.objects.keySet()).containsExactly("a", "b", "c");
    assertThat(read.shown).containsEntry("a", 1);
    for (var kind : new Kind[] {Kind.POD, Kind.NAMESPACE, Kind.NODE}) {
      assertThat(server.pages(kind)).hasSize(2);
    }
  }

  @Test
  void lookingAgainWaitsForAKindThatCannotBeRead() throws Exception {
    start();
    server.refuse(Kind.NODE.path(), 500, "away");
    var done = read.source.lookAgain();
    read.untilLost();
    read.until("pods were listed again", () -> server.pages(Kind.POD).size() == 2);
    assertThat(done.getAsBoolean()).isFalse();
    server.allow(Kind.NODE.path());
    read.until("looked again", done);
  }

  // kinds

  @Test
  void aKindThatComesIsReadAndOneThatGoesForGoodTakesItsObjects() throws Exception {
    start();
    server.serve(Kind.CLUSTER_POLICY);
    clusterPolicy("deny");
    read.untilHolds("a", "b", "deny");
    assertThat(read.kindsOfStatuses()).contains(Kind.CLUSTER_POLICY);
    server.withdraw(Kind.CLUSTER_POLICY);
    read.until(
        "gone",
        () -> {
          read.passWithLooks();
          return !read.objects.containsKey("deny");
        });
    assertThat(read.kindsOfStatuses()).doesNotContain(Kind.CLUSTER_POLICY);
    assertThat(read.losses()).isEmpty();
  }

  @Test
  void aKindThatIsBackSoonHasLostNothing() throws Exception {
    server.serve(Kind.CLUSTER_POLICY);
    clusterPolicy("deny");
    start();
    server.withdraw(Kind.CLUSTER_POLICY);
    read.until("it is missed", () -> server.watches(Kind.CLUSTER_POLICY).size() > 2);
    server.serve(Kind.CLUSTER_POLICY);
    clusterPolicy("deny");
    read.until("it is watched again", () -> read.shown.get("deny") > 1);
    read.pass(LONGER_THAN_A_RESTART);
    pod("c", "1");
    read.untilHolds("a", "b", "c", "deny");
    assertThat(read.events)
        .noneMatch(event -> event instanceof SourceEvent.Changed c && !c.gone().isEmpty());
  }

  @Test
  void whileItIsNotKnownWhichKindsThereAreTheSourceIsNotWhole() throws Exception {
    server.serve(Kind.NETWORK_POLICY);
    server.refuse("/apis/" + Kind.NETWORK_POLICY.apiVersion(), 500, "aggregation is away");
    read = new ReadSource(server, ReadSource.PATIENT);
    assertThat(read.untilLost().reason()).contains("aggregation is away");
    assertThat(read.objects).isEmpty();
  }

  @Test
  void l7_policiesOfTheOldApiAreReadOnlyWhereThereIsNoOther() throws Exception {
    server.serve(Kind.LEGACY_POLICY);
    server.put(Kind.LEGACY_POLICY, "shop", "old", "{\"spec\": {\"podSelector\": {}}}");
    start();
    assertThat(read.objects).containsKey("old");
    server.serve(Kind.NETWORK_POLICY);
    server.put(Kind.NETWORK_POLICY, "shop", "new", "{\"spec\": {\"podSelector\": {}}}");
    read.until(
        "only the new one",
        () -> {
          read.passWithLooks();
          return read.objects.containsKey("new") && !read.objects.containsKey("old");
        });
  }
}
