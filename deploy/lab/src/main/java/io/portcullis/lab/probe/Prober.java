package io.portcullis.lab.probe;

import io.portcullis.lab.network.NamespaceThreads;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ExecutionException;

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
   * When a probe is sent again and when it is given up.
   *
   * @param resend after so long each, counted from the first packet
   * @param deadline from the first packet
   */
  public record Patience(java.util.List<Duration> resend, Duration deadline) {
    public static final Patience DEFAULT =
        new Patience(
            java.util.List.of(Duration.ofMillis(100), Duration.ofMillis(300)),
            Duration.ofMillis(700));

    public Patience {
      resend = java.util.List.copyOf(resend);
    }
  }

  /**
   * Runs the probes.
   *
   * @return what each saw
   */
  public static Map<Probe, Outcome> run(
      Collection<Probe> probes, Servers servers, Patience patience) throws InterruptedException {
    try {
      return NamespaceThreads.call(
          "lab-probe",
          () -> {
            try (var run = new ProbeRun(patience)) {
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
