package io.portcullis.bench.conformance;

import io.portcullis.bench.figures.BenchOutput;
import io.portcullis.cli.ExitCode;
import io.portcullis.lab.LabRoot;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The command {@code bench conformance}, which compares random clusters with the kernel, with real
 * packets.
 */
@Command(
    name = "conformance",
    mixinStandardHelpOptions = true,
    description =
        "Probes random clusters with real packets and compares the outcome with the specification.")
public final class ConformanceCommand implements Callable<Integer> {
  private static final Pattern SEEDS = Pattern.compile("(\\d{1,18})\\.\\.(\\d{1,18})");
  private static final int MISMATCH = 1;

  @Spec private CommandSpec spec;

  @Option(
      names = "--seeds",
      paramLabel = "A..B",
      defaultValue = "1..10",
      description = "The seeds of the random clusters (default: ${DEFAULT-VALUE}).")
  private String seeds;

  @Override
  public Integer call() throws IOException, InterruptedException {
    LabRoot.requireIpv6();
    var bounds = SEEDS.matcher(seeds);
    if (!bounds.matches()) {
      throw new IllegalArgumentException("--seeds " + seeds + ": must be like 1..10");
    }
    var first = Long.parseLong(bounds.group(1));
    var last = Long.parseLong(bounds.group(2));
    var output = new BenchOutput(spec);
    var result = new Conformance(first, last, output::result).run();
    output.result(result.text());
    return result.mismatches() == 0 ? ExitCode.WELL : MISMATCH;
  }
}
