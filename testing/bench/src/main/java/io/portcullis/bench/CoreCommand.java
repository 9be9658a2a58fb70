package io.portcullis.bench;

import io.portcullis.bench.core.CoreBenchmark;
import io.portcullis.bench.figures.BenchOutput;
import io.portcullis.bench.figures.Figure;
import io.portcullis.cli.ExitCode;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code bench core}, which JMH runs in processes of its own. */
@Command(
    name = "core",
    mixinStandardHelpOptions = true,
    description = "Measures the hot paths of the compiler's core one by one, with JMH.")
final class CoreCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--short", description = "Only check that the benchmark works, in seconds.")
  private boolean quick;

  @Override
  public Integer call() throws RunnerException {
    var options =
        new OptionsBuilder()
            .include(CoreBenchmark.class.getName())
            .verbosity(VerboseMode.SILENT)
            .jvmArgsAppend("--sun-misc-unsafe-memory-access=allow") // needed by JMH itself
            .shouldFailOnError(true);
    if (quick) {
      options
          .param("shape", "hundredth")
          .warmupIterations(1)
          .measurementIterations(1)
          .warmupTime(TimeValue.milliseconds(100))
          .measurementTime(TimeValue.milliseconds(100));
    }
    new Runner(options.build())
        .run().stream().map(CoreCommand::figure).forEach(new BenchOutput(spec)::figure);
    return ExitCode.WELL;
  }

  private static Figure figure(RunResult result) {
    var measured = result.getPrimaryResult();
    var path = measured.getLabel().toLowerCase(Locale.ROOT);
    return new Figure(
        "core." + path + "." + result.getParams().getParam("shape"), measured.getScore(), "us");
  }
}
