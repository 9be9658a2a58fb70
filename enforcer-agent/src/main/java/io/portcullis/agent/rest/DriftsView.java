package io.portcullis.agent.rest;

import io.portcullis.agent.drift.Drift;
import io.portcullis.agent.drift.DriftLog;
import io.portcullis.agent.drift.TableDifference;
import io.portcullis.agent.status.AgentStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What others did to the kernel's table.
 *
 * @param count since the agent started
 * @param trouble why the table is not as it should be now, or may not stay so
 * @param drifts the last ones, newest first
 */
record DriftsView(String node, long count, Optional<String> trouble, List<DriftView> drifts) {

  /**
   * A drift of the kernel's table.
   *
   * @param detectedMicros microseconds since 1970
   * @param repairMillis from when it was seen until the table held the version again, if it does
   */
  record DriftView(
      long version, long detectedMicros, Optional<Long> repairMillis, TableDifference difference) {
    private static DriftView of(Drift drift) {
      return new DriftView(
          drift.version(),
          drift.detectedMicros(),
          drift.took().map(Duration::toMillis),
          drift.difference());
    }
  }

  static DriftsView of(AgentStatus status, DriftLog log) {
    return new DriftsView(
        status.node(),
        log.count(),
        status.faults().drift(),
        log.last().reversed().stream().map(DriftView::of).toList());
  }
}
