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
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code bench power-cuts}, which runs a lab of its own with a real API server. */
@Command(
    name = "power-cuts",
    mixinStandardHelpOptions = true,
    description =
        "Cuts the power of a whole cluster; its parts come back in any order and its pods with other"
            + " addresses. Reports whether any packet passed that no version allows.")
public final class PowerCutsCommand implements Callable<Integer> {
  private static final int WRONG = 1;
  private static final int WATCHERS = 2;
  private static final int COMPILERS = 2;

  @Spec private CommandSpec spec;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "The seed that determines order and addresses (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--cuts",
      paramLabel = "N",
      defaultValue = "100",
      description = "How often to cut the power (default: ${DEFAULT-VALUE}).")
  private int cuts;

  @Option(
      names = "--away",
      paramLabel = "SECONDS",
      defaultValue = "120",
      description = "How long a part is away at most (default: ${DEFAULT-VALUE}).")
  private int away;

  @Option(
      names = "--guard",
      paramLabel = "MODE",
      defaultValue = "isolate",
      description = "The agents' PORTCULLIS_GUARD (default: ${DEFAULT-VALUE}).")
  private String guard;

  @Override
  public Integer call() throws IOException, InterruptedException {
    require("--cuts", cuts, 1, 10_000);
    require("--away", away, 0, 240); // under isolate the guard opens after five minutes
    return run() ? ExitCode.WELL : WRONG;
  }

  private static void require(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s %d: must be from %d to %d".formatted(option, value, least, most));
    }
  }

  private boolean run() throws IOException, InterruptedException {
    var output = new BenchOutput(spec);
    var work = Files.createTempDirectory("portcullis-power-cuts");
    var manifests = Files.createDirectories(work.resolve("manifests"));
    Files.writeString(manifests.resolve("cluster.yaml"), PowerCutManifests.text());
    var options =
        LabRoot.options(
                manifests, work.resolve("state"), COMPILERS, WATCHERS, true, Services.Form.JVM)
            .withAgents(Map.of("PORTCULLIS_GUARD", guard.toLowerCase(Locale.ROOT)));
    try (var lab = Lab.start(options, event -> output.progress(LabDisplay.text(event)))) {
      var run = new PowerCuts(lab, new Random(seed), Duration.ofSeconds(away), output::progress);
      run.run(cuts);
      tell(run, output);
      if (!run.wrong().isEmpty()) {
        Files.write(work.resolve("wrong"), run.wrong());
        output.progress("the files of this run are in " + work);
        return false;
      }
    } catch (RuntimeException e) {
      output.progress("the files of this run are in " + work);
      throw e;
    }
    FileTree.delete(work);
    return true;
  }

  private void tell(PowerCuts run, BenchOutput output) {
    var settled = run.settledMillis().stream().mapToLong(Long::longValue).summaryStatistics();
    output.figure(new Figure("power_cuts.settled.mean", settled.getAverage() / 1e3, "s"));
    output.figure(new Figure("power_cuts.settled.max", settled.getMax() / 1e3, "s"));
    output.figure(Figure.count("power_cuts.probes", run.tried(), "probes"));
    output.figure(Figure.count("power_cuts.probes.denied", run.denied(), "probes"));
    output.figure(Figure.count("power_cuts.compared", run.compared(), "probes"));
    output.result(
        "POWER CUTS %d guard %s seed %d away %d WRONG %d"
            .formatted(run.settledMillis().size(), guard, seed, away, run.wrong().size()));
  }
}
