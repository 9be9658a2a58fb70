package io.portcullis.agent.drift;

import java.util.ArrayList;
import java.util.List;

/**
 * The last drifts.
 *
 * @param count of all since the agent started
 * @param last the newest ones, oldest first
 */
public record DriftLog(long count, List<Drift> last) {
  public static final DriftLog EMPTY = new DriftLog(0, List.of());
  private static final int LONGEST = 50;

  public DriftLog {
    last = List.copyOf(last);
  }

  /** Returns a log with one more drift. */
  public DriftLog plus(Drift drift) {
    var drifts = new ArrayList<>(last);
    drifts.add(drift);
    return new DriftLog(
        count + 1, drifts.subList(Math.max(0, drifts.size() - LONGEST), drifts.size()));
  }

  /** Returns a log whose newest drift is replaced. */
  public DriftLog withNewest(Drift drift) {
    var drifts = new ArrayList<>(last);
    drifts.set(drifts.size() - 1, drift);
    return new DriftLog(count, drifts);
  }
}
