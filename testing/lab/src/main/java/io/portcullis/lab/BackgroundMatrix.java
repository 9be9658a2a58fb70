package io.portcullis.lab;

import io.portcullis.lab.probe.Reachability;
import io.portcullis.lab.screen.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;

/**
 * Keeps the matrix of a running lab. It probes beside the screen's thread, one run at a time, so
 * that changes are shown while a run lasts.
 *
 * <pre>
 *   shown --rules or kernels changed--> outdated --converged, or late--> probing --> shown
 * </pre>
 *
 * Only the screen's thread may call it.
 */
final class BackgroundMatrix implements AutoCloseable {
  /** The most sites whose table people can read, and whose pairs are probed in seconds. */
  static final int MOST_SITES = 40;

  private static final Duration LATE = Duration.ofSeconds(3);
  private static final int TOLD_MISMATCHES = 10;

  private final PairProber prober;
  private final LongSupplier nanos;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("lab-matrix").daemon().factory());
  private Optional<Run> last = Optional.empty();
  private Optional<Run> underWay = Optional.empty();
  private Optional<Long> outdatedNanos = Optional.empty();

  /** Sends real packets between all sites of a state. */
  interface PairProber {
    Reachability probe(LabState state) throws InterruptedException;
  }

  /**
   * A run of probes.
   *
   * @param kernels what the kernels held when it began, by node
   * @param asItShouldBe whether each node enforced the state then
   */
  private record Run(
      LabState state,
      SortedMap<String, Optional<String>> kernels,
      boolean asItShouldBe,
      CompletableFuture<Reachability> seen) {}

  /**
   * Creates a matrix that nothing was probed for yet.
   *
   * @param nanos the clock
   */
  BackgroundMatrix(PairProber prober, LongSupplier nanos) {
    this.prober = prober;
    this.nanos = nanos;
  }

  /** Takes the run that has ended, and tests whether another one is to begin. */
  boolean isDue(Enforcement enforcement, SortedMap<String, Optional<String>> kernels) {
    if (underWay.filter(run -> run.seen().isDone()).isPresent()) {
      last = underWay;
      underWay = Optional.empty();
    }
    if (isCurrent(enforcement, kernels)) {
      outdatedNanos = Optional.empty();
      return false;
    }
    var now = nanos.getAsLong();
    var since = outdatedNanos.orElse(now);
    outdatedNanos = Optional.of(since);
    return underWay.isEmpty()
        && (enforcement.converged() || now - since >= LATE.toNanos())
        && enforcement.state().siteCount() <= MOST_SITES;
  }

  private boolean isCurrent(Enforcement enforcement, SortedMap<String, Optional<String>> kernels) {
    return last.filter(run -> run.state() == enforcement.state() && run.kernels().equals(kernels))
        .filter(run -> run.asItShouldBe() || !enforcement.converged())
        .isPresent();
  }

  /** Begins a run. */
  void probe(Enforcement enforcement, SortedMap<String, Optional<String>> kernels) {
    var state = enforcement.state();
    var seen = CompletableFuture.supplyAsync(() -> probe(state), thread);
    outdatedNanos = Optional.empty();
    underWay = Optional.of(new Run(state, new TreeMap<>(kernels), enforcement.converged(), seen));
  }

  private Reachability probe(LabState state) {
    try {
      return prober.probe(state);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompletionException(e);
    }
  }

  /**
   * Returns the matrix as it was seen last. What changed meanwhile is no mismatch, so mismatches
   * are shown only while nothing has.
   */
  List<String> lines(Enforcement enforcement, SortedMap<String, Optional<String>> kernels) {
    var sites = enforcement.state().siteCount();
    if (sites > MOST_SITES) {
      return List.of(
          sites
              + " pods and hosts are more than a table shows; ./portcullis lab --check probes them all.");
    }
    if (last.isEmpty()) {
      return List.of("Probing who reaches whom.");
    }
    var run = last.get();
    if (run.seen().isCompletedExceptionally()) {
      return List.of("Who reaches whom is not known: " + run.seen().exceptionNow().getMessage());
    }
    var seen = run.seen().join();
    if (isCurrent(enforcement, kernels)) {
      return Report.lines(seen, TOLD_MISMATCHES);
    }
    var lines =
        new ArrayList<>(Report.lines(new Reachability(seen.seen(), List.of()), TOLD_MISMATCHES));
    lines.add("");
    lines.add("This is from before the newest change. Probing again.");
    return lines;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
