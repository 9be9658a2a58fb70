package io.portcullis.agent.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.net.Cidr;
import io.portcullis.nft.Stamp;
import io.portcullis.ruleset.NodeRecord.PodCidr;
import io.portcullis.ruleset.RuleSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is said of tables that no version of the topic has confirmed yet. */
class StatusTrackerTest {
  private static final String TOPIC = "AbcdefghijklmnopqrstuQ";
  private static final RuleSet PODS =
      RuleSet.of(List.of(new PodCidr(Cidr.parse("10.244.0.0/24").range())));

  private final List<AgentStatus> reports = new ArrayList<>();
  private final StatusTracker tracker =
      new StatusTracker(AgentStatus.starting("node-1", "library"), "topic", reports::add);

  @Test
  void afterABootNoVersionIsAnswered() {
    tracker.noPodIsKnown(EnforcedVersion.closed(PODS, 7, TOPIC));
    assertThat(reports.getLast().enforced()).isEmpty();
    assertThat(reports.getLast().error().orElseThrow())
        .isEqualTo("no pod is known since the boot, version 7 not yet confirmed");
    var held = tracker.status().faults().unconfirmed().orElseThrow();
    assertThat(held.text(true)).isEqualTo("closed since boot, version 7 not yet confirmed");
    assertThat(held.text(false)).startsWith("open: the guard does not stand");
  }

  @Test
  void aNodeWithoutPodCidrsIsNotSaidToBeClosed() {
    tracker.noPodIsKnown(EnforcedVersion.closed(RuleSet.EMPTY, 7, TOPIC));
    assertThat(tracker.status().faults().unconfirmed().orElseThrow().text(true))
        .startsWith("open: the node has no pod CIDR");
  }

  @Test
  void aVersionFromTheDiskIsUnconfirmedUntilOneIsCommitted() {
    var stamp = new Stamp(7, TOPIC, PODS.digest().hex(), 1);
    var version = EnforcedVersion.unconfirmed(PODS, stamp);
    tracker.recalled(version, 2);
    assertThat(reports.getLast().enforced()).contains(version);
    assertThat(reports.getLast().error())
        .contains("version 7 is from the node's disk, not yet confirmed");
    tracker.committed(version);
    assertThat(reports.getLast().error()).isEmpty();
  }

  @Test
  void aFaultThatIsOverIsNotLeftInTheAnswer() {
    var clock = new AtomicLong();
    var reporting =
        new StatusTracker(
            AgentStatus.starting("node-1", "library"), "topic", reports::add, clock::get);
    var version = EnforcedVersion.unconfirmed(PODS, new Stamp(7, TOPIC, PODS.digest().hex(), 1));
    reporting.missing(Optional.of("waiting for a set"));
    clock.addAndGet(Duration.ofSeconds(6).toNanos());
    reporting.missing(Optional.of("waiting for a set"));
    reporting.committed(version);
    assertThat(reports.getLast().error()).contains("the newest version is waiting for a set");
    reporting.missing(Optional.empty());
    assertThat(reports.getLast().error()).isEmpty();
    var said = reports.size();
    reporting.missing(Optional.empty());
    assertThat(reports).hasSize(said);
  }
}
