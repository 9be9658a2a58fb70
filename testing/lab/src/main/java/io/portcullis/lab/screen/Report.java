package io.portcullis.lab.screen;

import io.portcullis.lab.observe.DriftSeen;
import io.portcullis.lab.probe.Reachability;
import io.portcullis.sighting.Problem;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;

/** Puts a run of probes into words. */
public final class Report {
  private Report() {}

  /**
   * Returns the matrix, and the mismatches with the policies.
   *
   * @param reachability the run
   * @param most how many mismatches are listed one by one
   */
  public static List<String> lines(Reachability reachability, int most) {
    var lines = new ArrayList<>(Matrix.lines(reachability));
    var mismatches = reachability.mismatches();
    if (!mismatches.isEmpty()) {
      lines.add("");
      lines.add("Mismatches with the policies (! above):");
    }
    mismatches.stream().limit(most).forEach(mismatch -> lines.add("  " + mismatch.text()));
    if (mismatches.size() > most) {
      lines.add("  and " + (mismatches.size() - most) + " more");
    }
    return lines;
  }

  /** Returns the problems of the manifests, and of the lab itself. */
  public static List<String> problems(Collection<Problem> problems, Collection<String> failures) {
    var lines = new ArrayList<String>();
    problems.forEach(problem -> lines.add(problem.text()));
    failures.forEach(failure -> lines.add("lab: " + failure));
    return lines;
  }

  /** Returns what other programs did to the nodes' tables, a line each. */
  public static List<String> drifts(SortedMap<String, Optional<DriftSeen>> drifts) {
    var lines = new ArrayList<String>();
    drifts.forEach((node, seen) -> seen.ifPresent(drift -> lines.add(line(node, drift))));
    return lines;
  }

  private static String line(String node, DriftSeen drift) {
    var repair =
        drift
            .repairMillis()
            .map(millis -> "repaired after " + duration(millis))
            .orElse("not repaired yet");
    var times = drift.count() == 1 ? "" : ", " + drift.count() + " times so far";
    return node
        + ": table changed by another program at "
        + Stages.TIME.format(Instant.EPOCH.plus(drift.detectedMicros(), ChronoUnit.MICROS))
        + ", "
        + repair
        + times;
  }

  private static String duration(long millis) {
    return millis < 1_000 ? millis + " ms" : String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
  }
}
