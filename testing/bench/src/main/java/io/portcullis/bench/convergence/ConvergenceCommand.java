package io.portcullis.bench.convergence;

import io.portcullis.bench.figures.BenchOutput;
import io.portcullis.bench.lab.BenchLab;
import io.portcullis.cli.ExitCode;
import io.portcullis.lab.process.Services;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The command {@code bench convergence}, which runs a lab of its own and changes a policy again and
 * again.
 */
@Command(
    name = "convergence",
    mixinStandardHelpOptions = true,
    description =
        "Measures the time from a saved manifest, or an API server's answer, to the kernel's commit.")
public final class ConvergenceCommand implements Callable<Integer> {
  /** A JVM compiles what is done often. */
  private static final int WARM_UP = 200;

  @Spec private CommandSpec spec;

  @Option(
      names = "--changes",
      paramLabel = "N",
      defaultValue = "200",
      description = "How often to change a policy (default: ${DEFAULT-VALUE}).")
  private int changes;

  @Option(
      names = "--kubernetes",
      description = "Measure from a real API server's answer instead of from a saved manifest.")
  private boolean kubernetes;

  @Option(
      names = "--native",
      description = "Run the services as native images, building those that are missing.")
  private boolean asImages;

  @Override
  public Integer call() throws IOException, InterruptedException {
    var output = new BenchOutput(spec);
    try (var bench = BenchLab.start(kubernetes, Services.Form.of(asImages), output)) {
      new ConvergenceBench(bench.lab(), bench.manifests(), output)
          .run(WARM_UP, changes)
          .forEach(output::figure);
    }
    return ExitCode.WELL;
  }
}
