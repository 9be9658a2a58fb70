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

  /** Who answers at the far ends. */
  public enum Servers {
    /** The lab opens TCP servers and UDP echoes in each namespace while the probes run. */
    LAB,
    /** The lab opens nothing: a refusal shows that the packet arrived. */
    NONE
  }

  /**
   * What was seen.
   *
   * @param differing the probes that did not do as expected
   */
  public record Result(Map<Probe, Outcome> seen, List<Probe> differing) {}

  /**
   * Runs the probes. Those whose outcome is not the expected one are tried once more: a change may
   * have been under way, or the machine was loaded and answered late.
   */
  public static Result run(
      Collection<Probe> probes, Predicate<Flow> allowed, Servers servers, ProbeTiming timing)
      throws InterruptedException {
    var seen = run(probes, servers, timing);
    var doubtful = differing(probes, seen, allowed);
    if (!doubtful.isEmpty()) {
      seen.putAll(run(doubtful, servers, timing));
    }
    return new Result(seen, differing(doubtful, seen, allowed));
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
   * @param probes the probes
   * @param servers who answers at the far ends
   * @param timing when to send again and give up
   * @return the outcome of each
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
      throw new IllegalStateException("the probes could not run: " + e.getCause().getMessage(), e);
    }
  }
}
