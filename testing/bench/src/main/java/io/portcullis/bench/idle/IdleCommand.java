package io.portcullis.bench.idle;

import io.portcullis.bench.convergence.ConvergenceBench;
import io.portcullis.bench.figures.BenchOutput;
import io.portcullis.bench.lab.BenchLab;
import io.portcullis.cli.ExitCode;
import io.portcullis.lab.process.Services;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code bench idle}, which runs a lab of its own in which nothing happens. */
@Command(
    name = "idle",
    mixinStandardHelpOptions = true,
    description =
        "Measures the processor time of each program of a lab at rest, then the convergence of its"
            + " first changes.")
public final class IdleCommand implements Callable<Integer> {
  /** After so long the JVMs' own compilers have little left to do. */
  private static final Duration SETTLE = Duration.ofMinutes(3);

  private static final Duration SETTLE_SHORT = Duration.ofSeconds(2);

  @Spec private CommandSpec spec;

  @Option(
      names = "--minutes",
      paramLabel = "M",
      defaultValue = "3",
      description = "How long to measure (default: ${DEFAULT-VALUE}).")
  private double minutes;

  @Option(
      names = "--changes",
      paramLabel = "N",
      defaultValue = "40",
      description = "How many changes to measure afterwards (default: ${DEFAULT-VALUE}).")
  private int changes;

  @Option(
      names = "--kubernetes",
      description = "Use a real API server as the source of the lab's watcher.")
  private boolean kubernetes;

  @Option(
      names = "--native",
      description = "Run the services as native images, building those that are missing.")
  private boolean asImages;

  @Option(names = "--short", description = "Only check that the benchmark works, in a minute.")
  private boolean quick;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!(minutes > 0 && minutes <= 24 * 60)) {
      throw new IllegalArgumentException("--minutes " + minutes + ": must be from 0 to 1440");
    }
    var output = new BenchOutput(spec);
    try (var bench = BenchLab.start(kubernetes, Services.Form.of(asImages), output)) {
      new IdleBench(bench.lab(), output)
          .run(quick ? SETTLE_SHORT : SETTLE, quick ? 0.05 : minutes)
          .forEach(output::figure);
      if (!quick) {
        new ConvergenceBench(bench.lab(), bench.manifests(), output)
            .run(0, changes)
            .forEach(output::figure);
      }
    }
    return ExitCode.WELL;
  }
}
