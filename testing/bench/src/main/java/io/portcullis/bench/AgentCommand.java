package io.portcullis.bench;

import io.portcullis.bench.agent.AgentBench;
import io.portcullis.bench.agent.MemoryBench;
import io.portcullis.bench.figures.BenchOutput;
import io.portcullis.cli.ExitCode;
import io.portcullis.lab.network.NamespaceThreads;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code bench agent}. */
@Command(
    name = "agent",
    mixinStandardHelpOptions = true,
    description =
        "Measures the time from a version's records to the kernel's commit, and the agent's memory.")
final class AgentCommand implements Callable<Integer> {
  private static final int GROWTH = 10_000;

  @Spec private CommandSpec spec;

  @Option(
      names = "--versions",
      paramLabel = "N",
      defaultValue = "300",
      description = "The number of versions of each kind (default: ${DEFAULT-VALUE}).")
  private int versions;

  @Option(names = "--short", description = "Only check that the benchmark works, in seconds.")
  private boolean quick;

  @Override
  public Integer call() throws Exception {
    var extent =
        quick
            ? new AgentBench.Parameters(List.of(100, 1_000), 3, 1)
            : new AgentBench.Parameters(List.of(100, 1_000, 10_000, 100_000), versions, 7);
    var output = new BenchOutput(spec);
    var bench = new AgentBench(extent, output);
    NamespaceThreads.call("bench-agent", bench::run).forEach(output::figure);
    for (var elements : quick ? List.of(1_000) : List.of(10_000, 100_000)) {
      output.progress("memory with " + elements + " elements");
      new MemoryBench(elements)
          .inAProcess(spec.root().userObject().getClass().getName(), quick ? 3 : GROWTH)
          .forEach(output::result);
    }
    return ExitCode.WELL;
  }
}
