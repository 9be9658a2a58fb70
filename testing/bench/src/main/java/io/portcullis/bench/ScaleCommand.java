package io.portcullis.bench;

import io.portcullis.bench.figures.BenchOutput;
import io.portcullis.bench.scale.ScaleBench;
import io.portcullis.bench.scale.ScaleParameters;
import io.portcullis.cli.ExitCode;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code bench scale}. */
@Command(
    name = "scale",
    mixinStandardHelpOptions = true,
    description =
        "Measures publishing for many nodes through a real broker: latency, storms of events,"
            + " compilers that are killed, join or leave, restoring, and agents that all start at once.")
final class ScaleCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  private static final int NOT_PROVED = 1;
  private static final Logger CLIENTS = Logger.getLogger("org.apache.kafka");

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "500",
      description = "The number of nodes (default: ${DEFAULT-VALUE}).")
  private int nodes;

  @Option(
      names = "--pods",
      paramLabel = "N",
      defaultValue = "15000",
      description = "The number of pods (default: ${DEFAULT-VALUE}).")
  private int pods;

  @Option(
      names = "--kills",
      paramLabel = "N",
      defaultValue = "20",
      description = "How often to kill a compiler (default: ${DEFAULT-VALUE}).")
  private int kills;

  @Option(names = "--short", description = "Only check that the benchmark works, in a minute.")
  private boolean quick;

  @Override
  public Integer call() throws Exception {
    CLIENTS.setLevel(Level.SEVERE); // they log each attempt while a broker or a topic is awaited
    var parameters = quick ? ScaleParameters.quick() : ScaleParameters.whole(nodes, pods, kills);
    var output = new BenchOutput(spec);
    if (new ScaleBench(parameters, output).run()) {
      return ExitCode.WELL;
    }
    output.failure("versions were lost or came out of order");
    return NOT_PROVED;
  }
}
