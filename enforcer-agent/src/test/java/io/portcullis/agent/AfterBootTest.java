package io.portcullis.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.agent.cni.Attachment;
import io.portcullis.agent.version.Version;
import io.portcullis.net.IpAddress;
import io.portcullis.nft.GuardLease;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AfterBootTest {
  private static final Version OF_BEFORE = version(7);
  private static final Version OF_NOW = version(8);

  private final AtomicLong heartbeats = new AtomicLong();
  private final AtomicLong nanos = new AtomicLong();
  private Optional<List<Attachment>> attached = Optional.empty();
  private final AfterBoot afterBoot = new AfterBoot(heartbeats::get, () -> attached, nanos::get);

  private static Version version(long number, Endpoint... endpoints) {
    var rules = RuleSet.of(List.of(endpoints));
    var marker =
        new Marker(
            number,
            new Marker.Content(rules, "AbcdefghijklmnopqrstuQ"),
            new Marker.Compilation(
                new Marker.ClusterPosition("", 0), new Marker.Shard(0, 1), 0, List.of(), "test"));
    return new Version(
        rules, marker, new Version.Since(rules, RuleSetChange.between(rules, rules)));
  }

  @Test
  void nothingIsHeldBackWithoutABoot() {
    assertThat(afterBoot.holdsBack(OF_BEFORE)).isFalse();
    assertThat(afterBoot.ends(GuardLease.EVER)).isFalse();
  }

  @Test
  void c3_whatWasReadBeforeTheWatcherWasHeardIsReadAgain() {
    afterBoot.begin();
    assertThat(afterBoot.holdsBack(OF_BEFORE)).isTrue();
    assertThat(afterBoot.ends(GuardLease.EVER)).isFalse();
    heartbeats.incrementAndGet();
    assertThat(afterBoot.holdsBack(OF_NOW)).as("it may have been read before").isTrue();
    assertThat(afterBoot.heldBack()).contains(OF_NOW.marker());
    assertThat(afterBoot.ends(GuardLease.EVER)).isTrue();
    assertThat(afterBoot.holdsBack(OF_NOW)).isFalse();
    assertThat(afterBoot.ends(GuardLease.EVER)).as("once").isFalse();
  }

  @Test
  void whereTheGuardDoesNotStandTheNodeWouldBeOpenMeanwhile() {
    afterBoot.begin();
    assertThat(afterBoot.holdsBack(OF_BEFORE)).isTrue();
    assertThat(afterBoot.ends(GuardLease.NONE)).isTrue();
    assertThat(afterBoot.holdsBack(OF_BEFORE)).isFalse();
  }

  @Test
  void nothingIsReadAgainWhereNothingWasRead() {
    afterBoot.begin();
    heartbeats.incrementAndGet();
    assertThat(afterBoot.ends(GuardLease.EVER)).isFalse();
    assertThat(afterBoot.holdsBack(OF_NOW)).isFalse();
  }

  @Test
  void c3_aVersionWaitsUntilItsPodsAreWhereTheContainerRuntimeHasThem() {
    afterBoot.begin();
    attached = Optional.of(List.of(pod("b", "10.1.0.5")));
    afterBoot.holdsBack(version(7, endpoint("shop/a", "10.1.0.5")));
    heartbeats.incrementAndGet();
    assertThat(afterBoot.ends(GuardLease.EVER)).as("that is another pod's now").isFalse();
    attached = Optional.of(List.of(pod("b", "10.1.0.5"), pod("a", "10.1.0.6")));
    assertThat(afterBoot.ends(GuardLease.EVER)).as("the API server does not know it").isFalse();
    var reported = version(8, endpoint("shop/b", "10.1.0.5"), endpoint("shop/a", "10.1.0.6"));
    assertThat(afterBoot.holdsBack(reported)).isTrue();
    assertThat(afterBoot.ends(GuardLease.EVER)).isTrue();
  }

  @Test
  void c3_aPodThatHasNotStartedYetMayStillGetAnotherAddress() {
    afterBoot.begin();
    attached = Optional.of(List.of());
    afterBoot.holdsBack(version(7, endpoint("shop/a", "10.1.0.5")));
    heartbeats.incrementAndGet();
    assertThat(afterBoot.ends(GuardLease.EVER)).isFalse();
    attached = Optional.of(List.of(pod("a", "10.1.0.5")));
    assertThat(afterBoot.ends(GuardLease.EVER)).isTrue();
  }

  @Test
  void aContainerRuntimeThatNeverAgreesLocksNobodyOut() {
    afterBoot.begin();
    attached = Optional.of(List.of());
    afterBoot.holdsBack(version(7, endpoint("shop/a", "10.1.0.5")));
    nanos.addAndGet(Duration.ofHours(1).toNanos());
    heartbeats.incrementAndGet();
    assertThat(afterBoot.ends(GuardLease.EVER)).as("since the watcher is heard").isFalse();
    nanos.addAndGet(Duration.ofSeconds(59).toNanos());
    assertThat(afterBoot.ends(GuardLease.EVER)).isFalse();
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(afterBoot.ends(GuardLease.EVER)).isTrue();
  }

  @Test
  void whatTheContainerRuntimeDoesNotTellIsNotWaitedFor() {
    afterBoot.begin();
    afterBoot.holdsBack(version(7, endpoint("shop/a", "10.1.0.5")));
    heartbeats.incrementAndGet();
    assertThat(afterBoot.ends(GuardLease.EVER)).isTrue();
  }

  private static Endpoint endpoint(String pod, String ip) {
    return new Endpoint(
        IpAddress.parse(ip), pod, Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static Attachment pod(String name, String ip) {
    return new Attachment(
        "shop",
        name,
        Path.of("/run/netns/" + name),
        new TreeSet<>(List.of(IpAddress.parse(ip))),
        new TreeSet<>());
  }
}
