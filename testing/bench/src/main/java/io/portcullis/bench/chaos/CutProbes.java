package io.portcullis.bench.chaos;

import io.portcullis.bench.network.Repetition;
import io.portcullis.lab.probe.Outcome;
import io.portcullis.lab.probe.Probe;
import io.portcullis.lab.probe.ProbeTiming;
import io.portcullis.lab.probe.Prober;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Sends the same kinds of packets again and again while it is open. */
final class CutProbes implements AutoCloseable {
  private static final int AT_ONCE = 120;
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(20);

  private final List<Probe> probes;
  private final Random random;
  private final List<Seen> seen = Collections.synchronizedList(new ArrayList<>());
  private final Repetition thread;

  /** What a probe saw, and when it began, microseconds since 1970. */
  record Seen(Probe probe, long began, Outcome outcome) {}

  CutProbes(List<Probe> probes, Random random) {
    this.probes = new ArrayList<>(probes);
    this.random = random;
    this.thread = Repetition.begin("cut-probes", this::run);
  }

  private void run() throws InterruptedException {
    Collections.shuffle(probes, random);
    var began = Waiting.micros();
    tried(probes.subList(0, Math.min(AT_ONCE, probes.size())))
        .forEach((probe, outcome) -> seen.add(new Seen(probe, began, outcome)));
  }

  private static Map<Probe, Outcome> tried(List<Probe> some) throws InterruptedException {
    try {
      return Prober.run(some, Prober.Servers.LAB, ProbeTiming.DEFAULT);
    } catch (IllegalStateException _) { // a pod is not there yet
      TimeUnit.NANOSECONDS.sleep(BETWEEN_TRIES.toNanos());
      return Map.of();
    }
  }

  List<Seen> seen() {
    return List.copyOf(seen);
  }

  /** Ends after the probes that are under way. */
  @Override
  public void close() {
    thread.close();
  }
}
