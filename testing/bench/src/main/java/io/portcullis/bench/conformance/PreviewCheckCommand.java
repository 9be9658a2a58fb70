package io.portcullis.bench.conformance;

import io.portcullis.bench.figures.BenchOutput;
import io.portcullis.cli.ExitCode;
import io.portcullis.lab.LabRoot;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The command {@code bench preview}, which compares what previews say of random changes with what
 * packets do.
 */
@Command(
    name = "preview",
    mixinStandardHelpOptions = true,
    description =
        "Probes random clusters with real packets before and after random changes, and compares"
            + " what they do with what preview says of the changes.")
public final class PreviewCheckCommand implements Callable<Integer> {
  private static final int MISMATCH = 1;

  @Spec private CommandSpec spec;

  @Option(
      names = "--changes",
      paramLabel = "N",
      defaultValue = "10",
      description = "The number of changes (default: ${DEFAULT-VALUE}).")
  private int changes;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "The seed of the first cluster; each next one has the next seed, and five changes"
              + " (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Override
  public Integer call() throws IOException, InterruptedException {
    LabRoot.requireIpv6();
    var output = new BenchOutput(spec);
    var result = new PreviewCheck(seed, changes, output::result).run();
    output.result(result.text());
    return result.mismatches() == 0 ? ExitCode.WELL : MISMATCH;
  }
}
