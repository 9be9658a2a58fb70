package io.portcullis.bench.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.net.Protocol;
import io.portcullis.oracle.RandomClusters;
import io.portcullis.policy.reach.Ends;
import io.portcullis.policy.reach.Level;
import io.portcullis.policy.reach.PortSet;
import io.portcullis.policy.reach.ReachQuery;
import io.portcullis.policy.reach.Row;
import io.portcullis.policy.reach.Row.Effect;
import io.portcullis.policy.reach.Snapshot;
import io.portcullis.policy.state.Cluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Checks that packets do what previews say, and that the check sees where they do not. */
class PreviewCheckTest {
  private final List<String> lines = new ArrayList<>();

  @Test
  void packetsDoWhatThePreviewSays() throws Exception {
    var result = new PreviewCheck(6, 3, lines::add).run();
    assertThat(lines).isEmpty();
    assertThat(result.opened()).isPositive();
    assertThat(result.closed()).isPositive();
    assertThat(result.text())
        .isEqualTo(
            "CHANGES 3 PROBES %d OPENED %d CLOSED %d MISMATCHES 0"
                .formatted(result.probes(), result.opened(), result.closed()));
  }

  @Test
  void aFlowThatIsSaidToOpenOrCloseMustDoSo() {
    var snapshot = Snapshot.of(new Cluster(RandomClusters.of(1)), Set.of());
    var pods = snapshot.pods().keySet().stream().limit(2).toList();
    var flow = flow(pods.getFirst(), pods.getLast());
    var rows =
        new ReachQuery(Ends.ALL, Ends.ALL, PortSet.EVERYTHING, Level.POD)
            .rows(snapshot).stream().map(row -> opened(row)).toList();
    var before = new Foretold(snapshot, rows, Map.of(flow, false));
    assertThat(before.effect(flow)).contains(Effect.OPENED);
    assertThat(before.allowed(flow)).isTrue();
    assertThat(before.contradictions()).isEmpty();
    assertThat(new Foretold(snapshot, rows, Map.of(flow, true)).contradictions())
        .singleElement()
        .asString()
        .contains("preview says OPENED, before the change: passed");
    var silent = new Foretold(snapshot, List.of(), Map.of(flow, true));
    assertThat(silent.effect(flow)).isEmpty();
    assertThat(silent.allowed(flow)).as("what is not told stays").isTrue();
  }

  private static Flow flow(IpAddress source, IpAddress destination) {
    return new Flow(source, destination, Optional.of(new Flow.Port(Protocol.TCP, 9)));
  }

  private static Row opened(Row row) {
    return new Row(
        Effect.OPENED,
        row.source(),
        row.destination(),
        row.families(),
        row.ports(),
        row.now(),
        row.before());
  }

  @Test
  void aCheckHasChanges() {
    assertThatIllegalArgumentException().isThrownBy(() -> new PreviewCheck(1, 0, lines::add));
  }
}
