package io.portcullis.bench.chaos;

import io.portcullis.bench.figures.BenchOutput;
import io.portcullis.bench.figures.Figure;
import io.portcullis.cli.ExitCode;
import io.portcullis.lab.Lab;
import io.portcullis.lab.LabDisplay;
import io.portcullis.lab.LabRoot;
import io.portcullis.lab.process.Services;
import io.portcullis.lab.state.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code bench chaos}, which runs a lab of its own under random faults and changes. */
@Command(
    name = "chaos",
    mixinStandardHelpOptions = true,
    description =
        "Makes random faults and changes, and reports whether any probe saw a wrong verdict.")
public final class ChaosCommand implements Callable<Integer> {
  private static final int WRONG = 1;
  private static final int TOLD = 50;

  /** Makes the compiler use wide sets even in a cluster as small as this. */
  private static final Map<String, String> WIDE_SETS =
      Map.of("PORTCULLIS_WIDE_SETS_FEWEST_NODES", "2");

  @Spec private CommandSpec spec;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "The seed that determines the faults and the changes (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--minutes",
      paramLabel = "M",
      defaultValue = "10",
      description = "For how many minutes to make faults and changes (default: ${DEFAULT-VALUE}).")
  private double minutes;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!(minutes > 0 && minutes <= 24 * 60)) {
      throw new IllegalArgumentException("--minutes " + minutes + ": must be from 0 to 1440");
    }
    return run() ? ExitCode.WELL : WRONG;
  }

  /** Runs the command; returns whether nothing was wrong. */
  private boolean run() throws IOException, InterruptedException {
    var length = Duration.ofMillis(Math.round(minutes * 60_000));
    var schedule = Schedule.of(seed, length);
    var work = Files.createTempDirectory("portcullis-chaos");
    var manifests = work.resolve("manifests");
    ChaosBench.prepare(manifests, schedule);
    var options =
        LabRoot.options(
                manifests,
                work.resolve("state"),
                Schedule.COMPILERS,
                Schedule.WATCHERS,
                false,
                Services.Form.JVM)
            .withCompilers(WIDE_SETS);
    try (var lab = Lab.start(options, event -> progress(LabDisplay.text(event)))) {
      var report = new ChaosBench(lab, manifests, schedule, length, this::progress).run(seed);
      if (!report.wrong().isEmpty()) {
        keep(work, report);
      }
      tell(schedule, report);
      if (!report.wrong().isEmpty()) {
        return false;
      }
    } catch (RuntimeException e) {
      progress("the files of this run are in " + work);
      throw e;
    }
    FileTree.delete(work);
    return true;
  }

  /** Moves the files to a directory that the lab's end does not clear. */
  private void keep(Path work, ChaosReport report) throws IOException {
    Files.write(work.resolve("wrong"), report.wrong());
    Files.move(work.resolve("state").resolve("kafka"), work.resolve("kafka"));
    progress("the files of this run are in " + work);
  }

  private void tell(Schedule schedule, ChaosReport report) {
    var output = new BenchOutput(spec);
    report.wrong().stream().limit(TOLD).forEach(this::progress);
    output.figure(
        Figure.count("chaos.kills", count(schedule, Action.Kill.class::isInstance), "faults"));
    output.figure(
        Figure.count("chaos.pauses", count(schedule, Action.Pause.class::isInstance), "faults"));
    output.figure(
        Figure.count(
            "chaos.tables", count(schedule, Action.DropTable.class::isInstance), "faults"));
    output.figure(
        Figure.count("chaos.boots", count(schedule, Action.Reboot.class::isInstance), "faults"));
    output.figure(
        Figure.count(
            "chaos.power_cuts", count(schedule, Action.PowerCut.class::isInstance), "faults"));
    report.figures().forEach(output::figure);
    output.result(
        "CHAOS seed %d minutes %s faults %d changes %d versions %d probes %d WRONG %d"
            .formatted(
                seed,
                minutes == Math.rint(minutes) ? (Object) (long) minutes : (Object) minutes,
                schedule.faults(),
                schedule.changes(),
                report.versions(),
                report.probes(),
                report.wrong().size()));
  }

  private static long count(Schedule schedule, Predicate<Action> which) {
    return schedule.steps().stream().map(Schedule.Step::action).filter(which).count();
  }

  private void progress(String line) {
    new BenchOutput(spec).progress(line);
  }
}
