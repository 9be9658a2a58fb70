package io.portcullis.watcher.kubernetes;

import static io.portcullis.validation.Kind.CLUSTER_POLICY;
import static io.portcullis.watcher.kubernetes.ObservedPolicy.ALPHA;
import static io.portcullis.watcher.kubernetes.ObservedPolicy.BETA;
import static io.portcullis.watcher.kubernetes.ObservedPolicy.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.KnownKind.State;
import io.portcullis.watcher.source.SourceEvent;
import io.portcullis.watcher.status.StatusConditions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What becomes of objects when the server serves their kind in another version. */
class KindVersionsTest {
  @AutoClose private final ObservedPolicy cluster = new ObservedPolicy();

  // versions

  @Test
  void theNewestVersionThatIsServedIsRead() throws Exception {
    cluster.start();
    assertThat(cluster.known().apiVersion()).isEqualTo(BETA);
    assertThat(cluster.known().state()).isEqualTo(State.SERVED);
    assertThat(cluster.server.requests(CLUSTER_POLICY.path(ALPHA))).isEmpty();
  }

  @Test
  void anUpdateThatServesOnlyTheNextVersionLosesNothingAndStatusesFollow() throws Exception {
    cluster.server.serveIn(CLUSTER_POLICY, ALPHA);
    cluster.start();
    assertThat(cluster.read.statuses.values())
        .extracting(StatusConditions::apiVersion)
        .contains(ALPHA)
        .doesNotContain(BETA);
    cluster.server.serveIn(CLUSTER_POLICY, BETA);
    cluster.read.until(
        "read in the next version",
        () -> cluster.is(State.SERVED) && cluster.known().apiVersion().equals(BETA));
    cluster.nothingIsGone();
    assertThat(cluster.read.statuses.values())
        .extracting(StatusConditions::apiVersion)
        .contains(BETA);
    cluster.server.delete(CLUSTER_POLICY, "", "deny");
    cluster.policy("allow");
    cluster.read.untilHolds("a", "allow");
  }

  @Test
  void whatWasDeletedBetweenTwoVersionsIsGone() throws Exception {
    cluster.server.serveIn(CLUSTER_POLICY, ALPHA);
    cluster.policy("goes");
    cluster.start();
    cluster.server.muteWatches(CLUSTER_POLICY);
    cluster.server.delete(CLUSTER_POLICY, "", "goes");
    cluster.server.serveIn(CLUSTER_POLICY, BETA);
    cluster.read.untilHolds("a", "deny");
  }

  @Test
  void aBetterVersionIsTakenWhenItHasBeenThereForAWhile() throws Exception {
    cluster.server.serveIn(CLUSTER_POLICY, ALPHA);
    cluster.start();
    cluster.server.serve(CLUSTER_POLICY);
    cluster.read.until(
        "the better version",
        () -> {
          cluster.read.passWithLooks();
          return cluster.known().apiVersion().equals(BETA) && cluster.is(State.SERVED);
        });
    cluster.nothingIsGone();
  }

  @Test
  void serversThatDisagreeWhichVersionThereIsLoseNothing() throws Exception {
    cluster.server.serveIn(CLUSTER_POLICY, ALPHA);
    cluster.start();
    cluster.server.serveIn(CLUSTER_POLICY, BETA);
    cluster.server.besideOneThatServes(CLUSTER_POLICY, ALPHA);
    for (var i = 0; i < 10; i++) {
      cluster.untilLookedAgain();
      cluster.read.pass(Duration.ofSeconds(7));
    }
    cluster.policy("late");
    cluster.read.until("a change", () -> cluster.read.objects.containsKey("late"));
    cluster.nothingIsGone();
    cluster.server.alone();
    cluster.untilIs(State.SERVED);
    cluster.nothingIsGone();
  }

  @Test
  void aServerThatIsBehindAndLacksTheKindTakesNothing() throws Exception {
    cluster.start();
    cluster.server.besideOneThatServes(CLUSTER_POLICY);
    for (var i = 0; i < 10; i++) {
      cluster.untilLookedAgain();
      cluster.read.pass(Duration.ofSeconds(61));
    }
    cluster.nothingIsGone();
    cluster.policy("late");
    cluster.read.until("a change", () -> cluster.read.objects.containsKey("late"));
    cluster.nothingIsGone();
  }

  @Test
  void aServerThatIsAheadAndHasOnlyAnUnknownVersionTakesNothing() throws Exception {
    cluster.start();
    cluster.server.besideOneThatServes(CLUSTER_POLICY, UNKNOWN);
    for (var i = 0; i < 10; i++) {
      cluster.untilLookedAgain();
      cluster.read.pass(Duration.ofSeconds(61));
    }
    cluster.policy("late");
    cluster.read.until("a change", () -> cluster.read.objects.containsKey("late"));
    noObjectIsGone();
  }

  @Test
  void aWatcherThatStartsBesideAServerThatIsAheadReadsTheKindAllTheSame() throws Exception {
    cluster.server.besideOneThatServes(CLUSTER_POLICY, UNKNOWN);
    cluster.start();
    cluster.read.untilHolds("a", "deny");
    noObjectIsGone();
  }

  @Test
  void aWatcherThatStartsBesideAServerThatIsBehindReadsTheKindAllTheSame() throws Exception {
    cluster.server.besideOneThatServes(CLUSTER_POLICY);
    cluster.start();
    cluster.read.untilHolds("a", "deny");
    cluster.nothingIsGone();
  }

  // versions that are refused

  @Test
  void aVersionThatIsRefusedIsLeftForOneThatCanBeRead() throws Exception {
    cluster.start();
    cluster.server.refuse(CLUSTER_POLICY.path(BETA), 500, "conversion webhook failed");
    cluster.server.endWatches(CLUSTER_POLICY);
    untilReadIn(ALPHA);
    cluster.policy("late");
    cluster.read.until("a change", () -> cluster.read.objects.containsKey("late"));
    cluster.nothingIsGone();
    assertThat(cluster.read.statuses.values())
        .extracting(StatusConditions::apiVersion)
        .contains(ALPHA);
    cluster.read.pass(Duration.ofDays(1));
    cluster.untilLookedAgain();
    assertThat(cluster.known().apiVersion()).as("what works is not left").isEqualTo(ALPHA);
    cluster.server.allow(CLUSTER_POLICY.path(BETA));
    cluster.server.serveIn(CLUSTER_POLICY, BETA);
    untilReadIn(BETA);
    cluster.nothingIsGone();
  }

  @Test
  void aVersionThatIsRefusedAtTheStartIsLeftToo() throws Exception {
    cluster.server.refuse(CLUSTER_POLICY.path(BETA), 403, "may not list");
    cluster.read = new ReadSource(cluster.server, ReadSource.PATIENT);
    untilReadIn(ALPHA);
    assertThat(cluster.read.objects).containsOnlyKeys("a", "deny");
  }

  @Test
  void whicheverVersionCanBeReadFirstHealsTheKind() throws Exception {
    cluster.start();
    for (var version : CLUSTER_POLICY.apiVersions()) {
      cluster.server.refuse(CLUSTER_POLICY.path(version), 503, "etcd is slow");
    }
    cluster.server.endWatches(CLUSTER_POLICY);
    cluster.untilIs(State.UNREADABLE);
    assertThat(cluster.known().reason()).contains("etcd is slow");
    cluster.read.pass(Duration.ofDays(1));
    cluster.untilLookedAgain();
    cluster.otherKindsGoOn("b");
    assertThat(cluster.is(State.UNREADABLE)).isTrue();
    noObjectIsGone();
    for (var version : List.of(ALPHA, BETA)) {
      cluster.server.allow(CLUSTER_POLICY.path(version));
      untilReadIn(version);
      noObjectIsGone();
      cluster.server.refuse(CLUSTER_POLICY.path(version), 503, "etcd is slow");
      cluster.server.endWatches(CLUSTER_POLICY);
      cluster.untilIs(State.UNREADABLE);
    }
  }

  private void noObjectIsGone() {
    assertThat(cluster.read.events)
        .noneMatch(event -> event instanceof SourceEvent.Changed c && !c.gone().isEmpty());
    assertThat(cluster.read.objects).containsKey("deny");
  }

  private void untilReadIn(String version) throws InterruptedException {
    cluster.read.until(
        "read in " + version,
        () -> {
          cluster.read.passWithLooks();
          return cluster.is(State.SERVED) && cluster.known().apiVersion().equals(version);
        });
  }
}
