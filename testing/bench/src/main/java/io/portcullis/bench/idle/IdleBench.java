package io.portcullis.bench.idle;

import io.portcullis.bench.figures.BenchOutput;
import io.portcullis.bench.figures.Figure;
import io.portcullis.lab.Lab;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Measures the processor time of each program of a lab at rest: no file changes, and the lab itself
 * sends no queries.
 *
 * <p>The kernel counts processor time in hundredths of a second, so a minute gives a share to 0.02
 * percent of a core.
 */
final class IdleBench {
  private static final Duration LONGEST_START = Duration.ofMinutes(3);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  private final Lab lab;
  private final BenchOutput output;

  IdleBench(Lab lab, BenchOutput output) {
    this.lab = lab;
    this.output = output;
  }

  /**
   * Measures, and returns the figures.
   *
   * @param settle how long the programs may come to rest after the start
   * @param minutes how many minutes are measured
   */
  List<Figure> run(Duration settle, double minutes) throws InterruptedException {
    var first = lab.awaitConverged(LONGEST_START, BETWEEN_LOOKS);
    if (!first.converged()) {
      throw new IllegalStateException("the lab did not start: " + first.behind());
    }
    output.progress("letting the lab come to rest for " + settle.toSeconds() + " s");
    TimeUnit.NANOSECONDS.sleep(settle.toNanos());
    var length = Duration.ofMillis(Math.round(minutes * 60_000));
    output.progress("measuring for " + length.toSeconds() + " s");
    var pids = lab.pids();
    var began = System.nanoTime();
    var before = used(pids);
    TimeUnit.NANOSECONDS.sleep(length.toNanos());
    var after = used(pids);
    var seconds = (System.nanoTime() - began) / 1e9;
    if (!lab.pids().equals(pids)) {
      throw new IllegalStateException(
          "programs were restarted during the measurement; their logs are in " + lab.logs());
    }
    return figures(before, after, seconds);
  }

  private static List<Figure> figures(
      SortedMap<String, Duration> before, SortedMap<String, Duration> after, double seconds) {
    var figures = new ArrayList<Figure>();
    after.forEach(
        (program, used) -> {
          var name = "idle." + program.replace('-', '_');
          var cpu = used.minus(before.get(program)).toMillis() / 1_000.0;
          figures.add(new Figure(name + ".cpu", cpu, "s"));
          figures.add(new Figure(name + ".share", 100 * cpu / seconds, "percent"));
        });
    return figures;
  }

  private static SortedMap<String, Duration> used(SortedMap<String, Long> pids) {
    var used = new TreeMap<String, Duration>();
    pids.forEach((program, pid) -> used.put(program, used(program, pid)));
    return used;
  }

  private static Duration used(String program, long pid) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().totalCpuDuration())
        .orElseThrow(() -> new IllegalStateException(program + " (" + pid + ") is not running"));
  }
}
