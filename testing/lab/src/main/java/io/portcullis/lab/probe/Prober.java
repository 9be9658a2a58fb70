package io.portcullis.lab.probe;

import io.portcullis.lab.network.NamespaceThreads;
import io.portcullis.net.Flow;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;

/** Tries many probes at once, from one thread that visits the sites' namespaces. */
public final class Prober {
  private Prober() {}

  /** Whether the lab itself answers at the far ends. */
  public enum Servers {
    /** TCP servers and UDP echoes stand in each namespace while the probes run. */
    LAB,
    /** Nothing is opened at the far ends: a refusal tells that the packet got there. */
    NONE
  }

  /**
   * What was seen.
   *
   * @param differing the probes that did not do as expected
   */
  public record Tried(Map<Probe, Outcome> seen, List<Probe> differing) {}

  /**
   * Runs the probes. What differs from what is expected is tried once more: it may have been a
   * change under way, or a loaded machine that answered late.
   */
  public static Tried run(
      Collection<Probe> probes, Predicate<Flow> allowed, Servers servers, ProbeTiming timing)
      throws InterruptedException {
    var seen = run(probes, servers, timing);
    var doubtful = differing(probes, seen, allowed);
    if (!doubtful.isEmpty()) {
      seen.putAll(run(doubtful, servers, timing));
    }
    return new Tried(seen, differing(doubtful, seen, allowed));
  }

  private static List<Probe> differing(
      Collection<Probe> probes, Map<Probe, Outcome> seen, Predicate<Flow> allowed) {
    return probes.stream()
        .filter(probe -> seen.get(probe).differsFrom(allowed.test(probe.flow())))
        .toList();
  }

  /**
   * Runs the probes.
   *
   * @return what each saw
   */
  public static Map<Probe, Outcome> run(
      Collection<Probe> probes, Servers servers, ProbeTiming timing) throws InterruptedException {
    try {
      return NamespaceThreads.call(
          "lab-probe",
          () -> {
            try (var run = new ProbeRun(timing)) {
              if (servers == Servers.LAB) {
                run.listen(probes);
              }
              return run.probe(probes);
            }
          });
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "the probes could not be run: " + e.getCause().getMessage(), e);
    }
  }
}
