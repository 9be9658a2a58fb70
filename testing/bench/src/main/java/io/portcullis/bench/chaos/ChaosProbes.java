package io.portcullis.bench.chaos;

import io.portcullis.bench.chaos.Judge.ProbeResult;
import io.portcullis.bench.network.Repetition;
import io.portcullis.lab.Lab;
import io.portcullis.lab.LabState;
import io.portcullis.lab.network.Topology;
import io.portcullis.lab.probe.Probe;
import io.portcullis.lab.probe.ProbeTiming;
import io.portcullis.lab.probe.Prober;
import io.portcullis.lab.probe.Site;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * Sends real packets between pods, and between pods and outside hosts, a few each second, while it
 * is open.
 */
final class ChaosProbes implements AutoCloseable {
  private static final List<Integer> PORTS = List.of(80, 443, 8080, 7777);
  private static final int AT_ONCE = 16;
  private static final Duration PERIOD = Duration.ofMillis(1_000);

  private final Lab lab;
  private final Random random;
  private final List<ProbeResult> tried = Collections.synchronizedList(new ArrayList<>());
  private final List<FailedProbes> notTried = Collections.synchronizedList(new ArrayList<>());
  private final Repetition thread;

  /**
   * Probes that could not be sent, since a namespace was missing.
   *
   * @param pods the pods at their ends
   * @param began when they began, microseconds since 1970
   * @param ended when they ended, microseconds since 1970
   * @param reason why they could not be sent
   */
  record FailedProbes(List<String> pods, long began, long ended, String reason) {}

  ChaosProbes(Lab lab, long seed) {
    this.lab = lab;
    this.random = new Random(seed);
    this.thread = Repetition.begin("chaos-probes", this::run);
  }

  private void run() throws InterruptedException {
    var next = System.nanoTime() + PERIOD.toNanos();
    probe(lab.state());
    TimeUnit.NANOSECONDS.sleep(Math.max(0, next - System.nanoTime()));
  }

  private void probe(LabState state) throws InterruptedException {
    var all = new ArrayList<>(Probe.all(state.sites(lab.names()), PORTS));
    Collections.shuffle(all, random);
    var some = all.subList(0, Math.min(AT_ONCE, all.size()));
    var began = Waiting.micros();
    try {
      var seen = Prober.run(some, Prober.Servers.LAB, ProbeTiming.DEFAULT);
      var ended = Waiting.micros();
      seen.forEach(
          (probe, outcome) ->
              tried.add(
                  new ProbeResult(
                      probe,
                      node(state.topology(), probe.from()),
                      node(state.topology(), probe.to()),
                      began,
                      ended,
                      outcome)));
    } catch (IllegalStateException e) {
      notTried.add(new FailedProbes(pods(some), began, Waiting.micros(), e.getMessage()));
    }
  }

  private static List<String> pods(List<Probe> probes) {
    var pods = new TreeSet<String>();
    for (var probe : probes) {
      pods.add(probe.from().name());
      pods.add(probe.to().name());
    }
    return List.copyOf(pods);
  }

  private static Optional<String> node(Topology topology, Site site) {
    return Optional.ofNullable(topology.pods().get(site.name())).map(Topology.Pod::node);
  }

  List<ProbeResult> tried() {
    return List.copyOf(tried);
  }

  List<FailedProbes> notTried() {
    return List.copyOf(notTried);
  }

  /** Ends after the probes that are under way. */
  @Override
  public void close() {
    thread.close();
  }
}
