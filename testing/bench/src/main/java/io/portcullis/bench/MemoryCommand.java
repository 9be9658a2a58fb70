package io.portcullis.bench;

import io.portcullis.bench.agent.MemoryBench;
import io.portcullis.bench.figures.BenchOutput;
import io.portcullis.cli.ExitCode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Holds a table and prints how much memory that takes; {@code bench agent} starts it. */
@Command(name = "memory", hidden = true)
final class MemoryCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--elements", required = true)
  private int elements;

  @Option(names = "--versions", required = true)
  private int versions;

  @Option(names = "--digest", required = true)
  private List<String> digests;

  @Override
  public Integer call() throws Exception {
    var output = new BenchOutput(spec);
    new MemoryBench(elements).here(versions, digests).forEach(output::figure);
    return ExitCode.WELL;
  }
}
