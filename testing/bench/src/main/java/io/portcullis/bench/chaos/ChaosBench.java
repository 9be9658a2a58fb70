package io.portcullis.bench.chaos;

import io.portcullis.lab.Lab;
import io.portcullis.lab.network.NamespaceProgram;
import io.portcullis.lab.network.NetworkException;
import io.portcullis.lab.network.ShortProgram;
import io.portcullis.lab.state.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Makes faults and changes by a seed in a lab of its own, with real packets all the time; then
 * compares what all parts say.
 *
 * <pre>
 *   begin --each node holds its version--> faults and changes --the time is over--> {@link #settle}
 *     --> {@link ChaosReport} of the kernels, the topics, history, the manifests and the probes
 * </pre>
 */
final class ChaosBench {
  private static final Duration START = Duration.ofSeconds(120);
  private static final Duration LONGEST_TO_SETTLE = Duration.ofSeconds(120);
  private static final Duration LONGEST_MOVE = Duration.ofSeconds(20);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
  private static final Duration BETWEEN_LOOKS_FOR_A_MOVE = Duration.ofMillis(5);

  private final Lab lab;
  private final Path manifests;
  private final Schedule schedule;
  private final Duration length;
  private final Consumer<String> progress;
  private final List<Judge.PodMove> moves = new ArrayList<>();

  /** The process ids of paused programs, by program. */
  private final ConcurrentHashMap<String, Long> paused = new ConcurrentHashMap<>();

  /**
   * Creates a run.
   *
   * @param lab the lab
   * @param manifests the manifests that the lab follows, with what the schedule begins with
   * @param schedule what to do when
   * @param length how long the run takes
   * @param progress receives a line for each action
   */
  ChaosBench(
      Lab lab, Path manifests, Schedule schedule, Duration length, Consumer<String> progress) {
    this.lab = lab;
    this.manifests = manifests;
    this.schedule = schedule;
    this.length = length;
    this.progress = progress;
  }

  /** Writes the manifests that the schedule begins with. */
  static void prepare(Path manifests, Schedule schedule) throws IOException {
    Files.createDirectories(manifests);
    for (var change : schedule.initial()) {
      apply(manifests, change);
    }
  }

  /**
   * Runs to the end.
   *
   * @param seed the seed for the choice of probes
   */
  ChaosReport run(long seed) throws IOException, InterruptedException {
    var first = lab.awaitConverged(START, BETWEEN_LOOKS);
    if (!first.converged()) {
      throw new IllegalStateException("the lab did not start: " + first.behind());
    }
    lab.running();
    var kernels = new TreeMap<String, KernelWatch>();
    try (var topics = new TopicWatch(lab.kafka(), first.digests().keySet())) {
      for (var node : first.digests().keySet()) {
        kernels.put(
            node,
            new KernelWatch(
                node, lab.names().node(node), lab.logs().resolve("kernel-" + node + ".log")));
      }
      var probes = new ChaosProbes(lab, seed);
      Duration settled;
      try (probes) {
        drive();
        settled = settle();
      }
      return new ChaosReport(lab, kernels, topics, probes, moves, settled);
    } finally {
      kernels.values().forEach(KernelWatch::close);
    }
  }

  private void drive() throws IOException, InterruptedException {
    var began = System.nanoTime();
    try (var resuming = Executors.newSingleThreadScheduledExecutor()) {
      for (var step : schedule.steps()) {
        sleepUntil(began + step.at().toNanos());
        say(began, step.action().text());
        apply(step.action(), resuming);
      }
      sleepUntil(began + length.toNanos());
      resuming.shutdownNow();
    }
    paused.keySet().forEach(this::resume);
  }

  private static void sleepUntil(long nanos) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(Math.max(0, nanos - System.nanoTime()));
  }

  private void say(long began, String text) {
    progress.accept(
        String.format(Locale.ROOT, "%7.2f s  %s", (System.nanoTime() - began) / 1e9, text));
  }

  private void apply(Action action, ScheduledExecutorService resuming)
      throws IOException, InterruptedException {
    switch (action) {
      case Action.Kill(var program) -> signal("KILL", program);
      case Action.Pause(var program, var time) -> {
        signal("STOP", program);
        var _ = resuming.schedule(() -> resume(program), time.toMillis(), TimeUnit.MILLISECONDS);
      }
      case Action.DropTable(var node) -> drop(node);
      case Action.Reboot(var node) -> {
        signal("KILL", "agent-" + node);
        NodeBoot.boot(lab, node);
      }
      case Action.PowerCut _ -> {
        for (var program : Schedule.programs()) {
          signal("KILL", program);
        }
        for (var node : RandomManifests.NODES) {
          NodeBoot.boot(lab, node);
        }
      }
      case Action.Change change -> change(change);
    }
  }

  /**
   * Sends a signal. A program that is being restarted cannot be killed or paused, so it is skipped.
   */
  private void signal(String signal, String program) throws InterruptedException {
    var pid = lab.pids().get(program);
    if (pid == null) {
      progress.accept("           " + program + " is not running at the moment");
      return;
    }
    if (signal.equals("STOP")) {
      paused.put(program, pid);
    }
    kill(signal, pid);
  }

  private void kill(String signal, long pid) throws InterruptedException {
    try {
      ShortProgram.run(List.of("kill", "-" + signal, Long.toString(pid)), "");
    } catch (NetworkException e) {
      progress.accept("           " + e.getMessage().strip()); // the program ended by itself
    }
  }

  private void resume(String program) {
    var pid = paused.remove(program);
    if (pid == null || !pid.equals(lab.pids().get(program))) {
      return; // killed in the meantime
    }
    try {
      kill("CONT", pid);
    } catch (InterruptedException _) {
      paused.put(program, pid);
      Thread.currentThread().interrupt();
    }
  }

  private void drop(String node) throws InterruptedException {
    try {
      NamespaceProgram.run(
          lab.names().node(node), "", "nft", "delete", "table", "inet", "portcullis");
    } catch (NetworkException e) {
      progress.accept("           " + e.getMessage().strip()); // the table is being rebuilt
    }
  }

  /** Saves or removes a file; returns when the lab has moved the pod, if it moves. */
  private void change(Action.Change change) throws IOException, InterruptedException {
    var began = Waiting.micros();
    apply(manifests, change);
    if (change.place().isPresent()) {
      var place = change.place().get();
      if (!Waiting.await(LONGEST_MOVE, BETWEEN_LOOKS_FOR_A_MOVE, () -> stands(place))) {
        throw new IllegalStateException(
            place.pod() + " did not move within " + LONGEST_MOVE.toSeconds() + " s");
      }
      moves.add(new Judge.PodMove(place.pod(), began, Waiting.micros()));
    }
  }

  private boolean stands(Action.Place place) {
    var pod = lab.state().topology().pods().get(place.pod());
    return place.node().map(node -> pod != null && pod.node().equals(node)).orElse(pod == null);
  }

  private static void apply(Path manifests, Action.Change change) throws IOException {
    switch (change) {
      case Action.Save(var file, var content, var _) ->
          WholeFile.write(manifests.resolve(file), manifests.resolveSibling("saving"), content);
      case Action.Remove(var file, var _) -> Files.deleteIfExists(manifests.resolve(file));
    }
  }

  /** Waits until each node holds what the manifests say, and returns how long that took. */
  private Duration settle() throws IOException, InterruptedException {
    progress.accept("no more faults; waiting until every node enforces the manifests");
    for (var change : schedule.healing()) {
      change(change);
    }
    var began = System.nanoTime();
    var last = lab.awaitConverged(LONGEST_TO_SETTLE, BETWEEN_LOOKS);
    last.behind().forEach(line -> progress.accept("not settled: " + line));
    return Duration.ofNanos(System.nanoTime() - began);
  }
}
