package io.portcullis.watcher.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Severity;
import io.portcullis.validation.Kind;
import io.portcullis.watcher.source.MissingPorts;
import io.portcullis.watcher.status.Rollout.Reach;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PendingStatusTest {
  private static final Instant NOW = Instant.parse("2026-05-04T03:02:01Z");
  private static final ObjectKey KEY = Kind.CLUSTER_POLICY.key("", "deny");
  private static final Reached ON_ONE_NODE = new Reached("uid", 4, new Reach(1, new TreeSet<>()));

  private final PendingStatus pending = new PendingStatus();

  private static StatusConditions status(long generation) {
    return new StatusConditions(
        Kind.CLUSTER_POLICY,
        Kind.CLUSTER_POLICY.apiVersion(),
        "",
        "deny",
        "uid",
        generation,
        List.of(),
        Map.of());
  }

  private static MissingPorts missing(String port) {
    return new MissingPorts(
        new Origin("api", "uid", 4, 0, false),
        List.of(new Problem("api", "deny", "spec.ports", port, Severity.WARNING)));
  }

  @Test
  void whatIsWrittenIsNotWrittenAgainUntilItChanges() {
    assertThat(pending.shown(KEY, status(1))).isTrue();
    assertThat(pending.shown(KEY, status(1))).isFalse();
    pending.written(pending.writes().getFirst());
    assertThat(pending.writes()).isEmpty();
    assertThat(pending.shown(KEY, status(1))).isFalse();
    assertThat(pending.shown(KEY, status(2))).isTrue();
    assertThat(pending.writes()).hasSize(1);
  }

  @Test
  void whatChangesWhileItIsWrittenIsWrittenAgain() {
    pending.shown(KEY, status(4));
    var writing = pending.writes().getFirst();
    assertThat(pending.reached(KEY, ON_ONE_NODE)).isTrue();
    pending.written(writing);
    assertThat(pending.writes().getFirst().reached()).contains(ON_ONE_NODE);
  }

  @Test
  void whichNodesHoldAPolicyStaysKnownWhenItIsShownAgain() {
    pending.shown(KEY, status(4));
    pending.reached(KEY, ON_ONE_NODE);
    pending.shown(KEY, status(5));
    assertThat(pending.writes().getFirst().reached()).contains(ON_ONE_NODE);
    assertThat(pending.reached(KEY, ON_ONE_NODE)).isFalse();
  }

  @Test
  void anObjectThatIsGoneOrSilentHasNothingToWrite() {
    pending.shown(KEY, status(1));
    pending.gone(KEY);
    assertThat(pending.writes()).isEmpty();
    assertThat(pending.reached(KEY, ON_ONE_NODE)).isFalse();
    var pod = Kind.POD.key("shop", "web");
    var silent = new StatusConditions(Kind.POD, "v1", "shop", "web", "u", 0, List.of(), Map.of());
    assertThat(pending.shown(pod, silent)).isFalse();
    assertThat(pending.writes()).isEmpty();
  }

  @Test
  void aPortThatIsMissingForAMomentIsNotWarnedOf() {
    pending.missingPorts(Map.of(KEY, missing("web")), NOW);
    assertThat(pending.warnings(NOW.plusSeconds(4))).isEmpty();
    assertThat(pending.pause(NOW.plusSeconds(3))).contains(Duration.ofSeconds(2));
    pending.missingPorts(Map.of(KEY, missing("web")), NOW.plusSeconds(3));
    assertThat(pending.warnings(NOW.plusSeconds(5))).hasSize(1);
    pending.missingPorts(Map.of(), NOW.plusSeconds(6));
    assertThat(pending.warnings(NOW.plusSeconds(60))).isEmpty();
  }

  @Test
  void aMissingPortIsWarnedOfOnceAndAnotherOneAfterItsOwnTime() {
    pending.missingPorts(Map.of(KEY, missing("web")), NOW);
    pending.warnings(NOW.plusSeconds(5)).forEach(pending::written);
    assertThat(pending.warnings(NOW.plusSeconds(60))).isEmpty();
    pending.missingPorts(Map.of(KEY, missing("dns")), NOW.plusSeconds(60));
    assertThat(pending.warnings(NOW.plusSeconds(64))).isEmpty();
    assertThat(pending.warnings(NOW.plusSeconds(65))).hasSize(1);
  }

  @Test
  void whatFailsIsTriedAgainAndAtRestNothingIs() {
    assertThat(pending.pause(NOW)).isEmpty();
    pending.shown(KEY, status(1));
    assertThat(pending.pause(NOW)).contains(Duration.ofSeconds(10));
    pending.written(pending.writes().getFirst());
    assertThat(pending.pause(NOW)).isEmpty();
    pending.missingPorts(Map.of(KEY, missing("web")), NOW);
    assertThat(pending.pause(NOW.plusSeconds(5))).contains(Duration.ofSeconds(10));
    pending.warnings(NOW.plusSeconds(5)).forEach(pending::written);
    assertThat(pending.pause(NOW.plusSeconds(5))).isEmpty();
  }

  @Test
  void aNewOwnerWritesEverythingAgain() {
    pending.shown(KEY, status(1));
    pending.missingPorts(Map.of(KEY, missing("web")), NOW);
    pending.writes().forEach(pending::written);
    pending.warnings(NOW.plusSeconds(5)).forEach(pending::written);
    pending.reopen();
    assertThat(pending.writes()).hasSize(1);
    assertThat(pending.warnings(NOW.plusSeconds(5))).hasSize(1);
  }
}
