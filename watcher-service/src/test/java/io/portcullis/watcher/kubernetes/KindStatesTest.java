package io.portcullis.watcher.kubernetes;

import static io.portcullis.validation.Kind.CLUSTER_POLICY;
import static io.portcullis.watcher.kubernetes.ObservedPolicy.ALPHA;
import static io.portcullis.watcher.kubernetes.ObservedPolicy.BETA;
import static io.portcullis.watcher.kubernetes.ObservedPolicy.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.KnownKind.State;
import io.portcullis.validation.Kind;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What becomes of objects whose kind cannot be read any more. */
class KindStatesTest {
  @AutoClose private final ObservedPolicy cluster = new ObservedPolicy();

  // unserved

  @Test
  void aKindThatIsServedInNoKnownVersionKeepsItsObjectsAndHeals() throws Exception {
    cluster.policy("goes");
    cluster.start();
    cluster.server.serveIn(CLUSTER_POLICY, UNKNOWN);
    cluster.untilIs(State.UNSERVED);
    assertThat(cluster.known().others()).containsExactly(UNKNOWN);
    assertThat(cluster.known().reason()).contains(UNKNOWN);
    cluster.read.pass(Duration.ofDays(1));
    cluster.otherKindsGoOn("b");
    cluster.untilLookedAgain();
    cluster.nothingIsGone();
    cluster.server.delete(CLUSTER_POLICY, "", "goes");
    cluster.server.serve(CLUSTER_POLICY);
    cluster.read.untilHolds("a", "b", "deny");
    cluster.untilIs(State.SERVED);
    assertThat(cluster.known().reason()).isEmpty();
  }

  @Test
  void aKindWhoseDefinitionServesNothingKeepsItsObjects() throws Exception {
    cluster.start();
    cluster.server.serveIn(CLUSTER_POLICY);
    cluster.untilIs(State.UNSERVED);
    assertThat(cluster.known().others()).isEmpty();
    cluster.read.pass(Duration.ofDays(1));
    cluster.otherKindsGoOn("b");
    cluster.untilLookedAgain();
    cluster.nothingIsGone();
  }

  @Test
  void aKindThatIsUnservedAtTheStartHindersNoOther() throws Exception {
    cluster.server.serveIn(CLUSTER_POLICY, UNKNOWN);
    cluster.start();
    assertThat(cluster.read.objects.keySet()).containsExactly("a");
    assertThat(cluster.known().state()).isEqualTo(State.UNSERVED);
    cluster.server.serve(CLUSTER_POLICY);
    cluster.read.untilHolds("a", "deny");
    cluster.untilIs(State.SERVED);
  }

  @Test
  void whatTheOperatorGivesUpGoesAfterAMinuteAndMayComeBack() throws Exception {
    cluster.start(Set.of(CLUSTER_POLICY));
    cluster.server.serveIn(CLUSTER_POLICY, UNKNOWN);
    cluster.untilIs(State.UNSERVED);
    cluster.nothingIsGone();
    cluster.read.pass(Duration.ofSeconds(60));
    cluster.untilIs(State.REMOVED); // a look that fails begins the minute anew
    cluster.read.untilHolds("a");
    cluster.server.serve(CLUSTER_POLICY);
    cluster.read.untilHolds("a", "deny");
    cluster.untilIs(State.SERVED);
  }

  // unreadable

  @Test
  void aKindThatMayNotBeReadKeepsItsObjectsAndOthersGoOn() throws Exception {
    cluster.start();
    for (var version : CLUSTER_POLICY.apiVersions()) {
      cluster.server.refuse(CLUSTER_POLICY.path(version), 403, "may not list");
    }
    cluster.server.endWatches(CLUSTER_POLICY);
    cluster.untilIs(State.UNREADABLE);
    assertThat(cluster.known().reason()).contains("may not list", "role");
    cluster.read.pass(Duration.ofDays(1));
    cluster.otherKindsGoOn("b");
    var looked = cluster.read.source.lookAgain();
    cluster.read.until("another watcher could take over", looked);
    cluster.nothingIsGone();
    cluster.policy("late");
    CLUSTER_POLICY
        .apiVersions()
        .forEach(version -> cluster.server.allow(CLUSTER_POLICY.path(version)));
    cluster.read.until("late", () -> cluster.read.objects.containsKey("late"));
    cluster.untilIs(State.SERVED);
    cluster.nothingIsGone();
  }

  @Test
  void aKindThatMayNotBeReadAtTheStartHindersNoOther() throws Exception {
    cluster.server.serveIn(CLUSTER_POLICY, BETA);
    cluster.server.refuse(CLUSTER_POLICY.path(), 500, "conversion webhook failed");
    cluster.read = new ReadSource(cluster.server, ReadSource.PATIENT);
    cluster.untilIs(State.UNREADABLE);
    assertThat(cluster.known().reason()).contains("conversion webhook failed");
    assertThat(cluster.read.objects.keySet()).containsExactly("a");
    assertThat(cluster.read.losses()).isEmpty();
    cluster.server.allow(CLUSTER_POLICY.path());
    cluster.read.untilHolds("a", "deny");
    cluster.untilIs(State.SERVED);
  }

  @Test
  void aKindOfWhichOnlyTheFirstPageCanBeReadHindersNoOther() throws Exception {
    cluster.server.serveIn(CLUSTER_POLICY, BETA);
    for (var i = 0; i < 600; i++) {
      cluster.policy("policy-" + i);
    }
    cluster.server.refuse(CLUSTER_POLICY.path() + "?continue", 500, "conversion webhook failed");
    cluster.read = new ReadSource(cluster.server, ReadSource.PATIENT);
    cluster.untilIs(State.UNREADABLE);
    cluster.server.allow(CLUSTER_POLICY.path() + "?continue");
    cluster.untilIs(State.SERVED);
    assertThat(cluster.read.objects).hasSize(602);
  }

  @Test
  void aGroupThatCannotBeDiscoveredHindersNoOther() throws Exception {
    cluster.server.refuse("/apis/" + BETA, 503, "aggregation is away");
    cluster.server.refuse("/apis/" + ALPHA, 503, "aggregation is away");
    cluster.read = new ReadSource(cluster.server, ReadSource.PATIENT);
    cluster.untilIs(State.UNREADABLE);
    assertThat(cluster.known().reason()).contains("aggregation is away");
    assertThat(cluster.read.losses()).isEmpty();
    cluster.server.allow("/apis/" + BETA);
    cluster.read.untilHolds("a", "deny");
    cluster.untilIs(State.SERVED);
  }

  @Test
  void aKindThatIsReadGoesOnThoughItCannotBeDiscovered() throws Exception {
    cluster.start();
    cluster.server.refuse("/apis/" + BETA, 503, "aggregation is away");
    cluster.server.refuse("/apis/" + ALPHA, 503, "aggregation is away");
    cluster.untilLookedAgain();
    cluster.read.pass(Duration.ofMinutes(5));
    cluster.policy("late");
    cluster.read.until("late", () -> cluster.read.objects.containsKey("late"));
    assertThat(cluster.is(State.SERVED)).isTrue();
    cluster.nothingIsGone();
  }

  @Test
  void aServerThatIsSilentMakesNoKindUnreadable() throws Exception {
    cluster.start();
    cluster.server.refuse("/readyz", 500, "etcd is away");
    CLUSTER_POLICY
        .apiVersions()
        .forEach(v -> cluster.server.refuse(CLUSTER_POLICY.path(v), 500, "away"));
    cluster.server.endWatches(CLUSTER_POLICY);
    cluster.read.untilLost();
    cluster.read.pass(Duration.ofHours(1));
    CLUSTER_POLICY
        .apiVersions()
        .forEach(version -> cluster.server.allow(CLUSTER_POLICY.path(version)));
    cluster.server.allow("/readyz");
    cluster.read.untilFound();
    cluster.otherKindsGoOn("b");
    assertThat(cluster.read.kindStates(CLUSTER_POLICY)).containsExactly(State.SERVED);
  }

  // removed

  @Test
  void aKindIsRemovedWhenItsDefinitionIsGoneForAMinute() throws Exception {
    cluster.start();
    cluster.server.withdraw(CLUSTER_POLICY);
    cluster.untilIs(State.MISSING);
    cluster.untilLookedAgain();
    cluster.nothingIsGone();
    cluster.read.pass(Duration.ofSeconds(61));
    cluster.untilIs(State.REMOVED); // a look that fails begins the minute anew
    cluster.read.untilHolds("a");
  }

  @Test
  void aDefinitionThatMayNotBeSeenIsNotGone() throws Exception {
    cluster.server.refuse(
        "/customresourcedefinitions/" + CLUSTER_POLICY.resource(), 403, "may not get");
    cluster.start();
    cluster.server.withdraw(CLUSTER_POLICY);
    cluster.untilIs(State.MISSING);
    for (var i = 0; i < 3; i++) {
      cluster.read.pass(Duration.ofDays(1));
      cluster.untilLookedAgain();
    }
    assertThat(cluster.known().reason()).contains("may not get", "role");
    cluster.nothingIsGone();
  }

  @Test
  void aServerThatIsNotReadyInBetweenProvesNothing() throws Exception {
    cluster.start();
    cluster.server.withdraw(CLUSTER_POLICY);
    cluster.untilIs(State.MISSING);
    cluster.untilLookedAgain();
    cluster.server.refuse("/readyz", 500, "starting");
    cluster.untilLookedAgain();
    cluster.read.pass(Duration.ofSeconds(61));
    cluster.server.allow("/readyz");
    cluster.untilLookedAgain();
    assertThat(cluster.read.objects).containsKey("deny");
    cluster.read.pass(Duration.ofSeconds(61));
    cluster.read.untilHolds("a");
  }

  // what was never there

  @Test
  void aKindThatWasNeverThereIsMissingAndThenRemoved() throws Exception {
    cluster.server.delete(CLUSTER_POLICY, "", "deny");
    cluster.server.withdraw(CLUSTER_POLICY);
    cluster.start();
    assertThat(cluster.known().state()).isEqualTo(State.MISSING);
    cluster.untilLookedAgain();
    cluster.read.pass(Duration.ofSeconds(61));
    cluster.untilIs(State.REMOVED);
  }

  /** NetworkPolicies have no definition, so nothing proves that they are gone. */
  @Test
  void networkPoliciesThatAreNotServedAnyMoreAreALoss() throws Exception {
    cluster.server.serve(Kind.NETWORK_POLICY);
    cluster.server.put(Kind.NETWORK_POLICY, "shop", "np", "{\"spec\": {\"podSelector\": {}}}");
    cluster.start();
    cluster.server.serveIn(Kind.NETWORK_POLICY);
    assertThat(cluster.read.untilLost().reason()).contains("networkpolicies cannot be read");
    cluster.read.pass(Duration.ofDays(1));
    cluster.untilLookedAgain();
    assertThat(cluster.read.objects).containsKey("np");
    cluster.server.serve(Kind.NETWORK_POLICY);
    cluster.read.untilFound();
  }
}
