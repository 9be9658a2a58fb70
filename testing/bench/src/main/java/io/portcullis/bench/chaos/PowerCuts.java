package io.portcullis.bench.chaos;

import io.portcullis.lab.Lab;
import io.portcullis.lab.LabState;
import io.portcullis.lab.network.Topology;
import io.portcullis.lab.probe.Probe;
import io.portcullis.lab.probe.ProbeTiming;
import io.portcullis.lab.probe.Prober;
import io.portcullis.lab.probe.Site;
import io.portcullis.net.Flow;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Cuts the power of a whole lab again and again. Its parts come back in any order, its pods at once
 * and with other addresses, and packets are sent all the time.
 *
 * <pre>
 *   converged --cut, boots, other addresses--> parts come back --each node enforces--> all pairs
 *       ^                                                                                  |
 *       +----------------------------------------------------------------------------------+
 * </pre>
 */
final class PowerCuts {
  private static final Duration START = Duration.ofMinutes(10);
  private static final Duration LONGEST_MOVE = Duration.ofSeconds(60);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
  private static final List<Integer> PORTS = List.of(80, 443, 8080);

  private final Lab lab;
  private final Random random;
  private final Duration longestAway;
  private final Consumer<String> progress;
  private final List<String> wrong = new ArrayList<>();
  private final List<Long> settledMillis = new ArrayList<>();
  private long tried;
  private long denied;
  private long compared;

  /**
   * Prepares a run.
   *
   * @param longestAway after which time the last part starts at the latest
   * @param progress receives a line for each cut, and for each thing that is wrong
   */
  PowerCuts(Lab lab, Random random, Duration longestAway, Consumer<String> progress) {
    this.lab = lab;
    this.random = random;
    this.longestAway = longestAway;
    this.progress = progress;
  }

  /** Makes that many cuts; ends earlier where the lab does not come back by itself. */
  void run(int cuts) throws IOException, InterruptedException {
    if (!isSettled(START)) {
      throw new IllegalStateException("the lab did not start: " + lab.enforcement().behind());
    }
    for (var node : lab.state().topology().nodes().keySet()) {
      if (!Waiting.await(LONGEST_MOVE, BETWEEN_LOOKS, () -> NodeBoot.hasFile(lab, node))) {
        throw new IllegalStateException(node + " has no boot file");
      }
    }
    lab.running();
    for (var cut = 1; cut <= cuts; cut++) {
      if (!cut(cut)) {
        return;
      }
    }
  }

  /** Returns whether the lab came back. */
  private boolean cut(int number) throws IOException, InterruptedException {
    var before = verdicts(lab.state());
    var pods = NewAddresses.of(lab.state().topology().pods().values(), random);
    powerOff(number);
    lab.power().move(pods);
    var probes = Probe.all(sites(pods), PORTS);
    var began = System.nanoTime();
    boolean settled;
    var during = new CutProbes(probes, random);
    try (during) {
      settled = isSettled(longestAway.plus(START));
    }
    var took = Duration.ofNanos(System.nanoTime() - began);
    settledMillis.add(took.toMillis());
    if (!settled) {
      tellWrong("cut " + number + ": did not come back: " + lab.enforcement().behind());
      return false;
    }
    var after = verdicts(lab.state());
    judge(number, during.seen(), before, after);
    compareAll(number, probes, after);
    progress.accept(
        "cut %d: settled after %d ms, %d wrong so far"
            .formatted(number, took.toMillis(), wrong.size()));
    return true;
  }

  private void powerOff(int number) throws IOException, InterruptedException {
    var away = new TreeMap<String, Duration>();
    for (var program : lab.pids().keySet()) {
      away.put(program, Duration.ofMillis(random.nextLong(longestAway.toMillis() + 1)));
    }
    progress.accept("cut %d: back after %s".formatted(number, text(away)));
    lab.power().cut(program -> away.getOrDefault(program, Duration.ZERO));
    for (var node : lab.state().topology().nodes().keySet()) {
      NodeBoot.boot(lab, node);
    }
  }

  private static String text(SortedMap<String, Duration> away) {
    return away.entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .map(part -> part.getKey() + " " + part.getValue().toMillis() + " ms")
        .collect(Collectors.joining(", "));
  }

  /** Returns the ends of probes when all pods have these addresses. */
  private List<Site> sites(List<Topology.Pod> pods) {
    var present = lab.state();
    return new LabState(0, List.of(), present.topology().with(pods), List.of(), List.of())
        .sites(lab.names());
  }

  private PodVerdicts verdicts(LabState state) {
    return new PodVerdicts(state.objects(), Probe.all(state.sites(lab.names()), PORTS));
  }

  /** Waits until each node enforces what the API server says, and that is what the network has. */
  private boolean isSettled(Duration atMost) throws InterruptedException {
    var until = System.nanoTime() + atMost.toNanos();
    while (System.nanoTime() < until) {
      var last = lab.awaitConverged(BETWEEN_LOOKS, BETWEEN_LOOKS);
      var state = last.state();
      if (last.converged()
          && !state.objects().isEmpty()
          && LabState.topology(state.objects()).equals(state.topology())) {
        return true;
      }
    }
    return false;
  }

  private void judge(int number, List<CutProbes.Seen> seen, PodVerdicts before, PodVerdicts after) {
    for (var one : seen) {
      tried++;
      if (before.allow(one.probe()) || after.allow(one.probe())) {
        continue;
      }
      denied++;
      if (one.outcome().reached()) {
        tellWrong(
            "cut %d: %s at %d saw: %s"
                .formatted(number, one.probe(), one.began(), one.outcome().text()));
      }
    }
  }

  private void compareAll(int number, List<Probe> probes, PodVerdicts after)
      throws InterruptedException {
    var byFlow = new HashMap<Flow, Boolean>();
    probes.forEach(probe -> byFlow.put(probe.flow(), after.allow(probe)));
    var result = Prober.run(probes, byFlow::get, Prober.Servers.LAB, ProbeTiming.DEFAULT);
    compared += probes.size();
    for (var probe : result.differing()) {
      tellWrong(
          "cut %d, at its end: %s expected %s, saw: %s"
              .formatted(
                  number,
                  probe,
                  after.allow(probe) ? "allowed" : "denied",
                  result.seen().get(probe).text()));
    }
  }

  private void tellWrong(String line) {
    wrong.add(line);
    progress.accept("WRONG " + line);
  }

  /** Returns all that is wrong, a line each. */
  List<String> wrong() {
    return List.copyOf(wrong);
  }

  /** Returns how long each cut took to be over, in milliseconds. */
  List<Long> settledMillis() {
    return List.copyOf(settledMillis);
  }

  /** Returns how many packets were tried between cuts and their ends. */
  long tried() {
    return tried;
  }

  /** Returns how many of these no version allows. */
  long denied() {
    return denied;
  }

  /** Returns how many pairs were compared at the ends. */
  long compared() {
    return compared;
  }
}
