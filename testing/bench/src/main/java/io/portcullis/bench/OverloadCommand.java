package io.portcullis.bench;

import io.portcullis.bench.figures.BenchOutput;
import io.portcullis.bench.scale.OverloadBench;
import io.portcullis.bench.scale.OverloadParameters;
import io.portcullis.cli.ExitCode;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code bench overload}. */
@Command(
    name = "overload",
    mixinStandardHelpOptions = true,
    description =
        "Measures publishing through a broker that runs a tenth of the time, with less load than it"
            + " takes and with three times as much.")
final class OverloadCommand implements Callable<Integer> {
  private static final int NOT_PROVED = 1;
  private static final Logger CLIENTS = Logger.getLogger("org.apache.kafka");

  @Spec private CommandSpec spec;

  @Option(names = "--short", description = "Only check that the benchmark works, in a minute.")
  private boolean quick;

  @Override
  public Integer call() throws Exception {
    CLIENTS.setLevel(Level.SEVERE); // they log each attempt while a broker or a topic is awaited
    var output = new BenchOutput(spec);
    var parameters = quick ? OverloadParameters.quick() : OverloadParameters.whole();
    if (new OverloadBench(parameters, output).run()) {
      return ExitCode.WELL;
    }
    output.failure("versions were lost or came out of order");
    return NOT_PROVED;
  }
}
