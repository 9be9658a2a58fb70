package io.portcullis.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.agent.version.Version;
import io.portcullis.nft.GuardLease;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AfterBootTest {
  private static final Version OF_BEFORE = version(7);
  private static final Version OF_NOW = version(8);

  private final AtomicLong heartbeats = new AtomicLong();
  private final AfterBoot afterBoot = new AfterBoot(heartbeats::get);

  private static Version version(long number) {
    var rules = RuleSet.EMPTY;
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
}
