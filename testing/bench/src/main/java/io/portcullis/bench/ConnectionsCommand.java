package io.portcullis.bench;

import io.portcullis.agent.kernel.NftWay;
import io.portcullis.bench.connections.ConnectionsBench;
import io.portcullis.bench.figures.BenchOutput;
import io.portcullis.bench.network.Route;
import io.portcullis.cli.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code bench connections}. */
@Command(
    name = "connections",
    mixinStandardHelpOptions = true,
    description =
        "Forbids and allows live connections while packets flow over them in both directions, and"
            + " counts those that pass after the step that forbids them.")
final class ConnectionsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  private static final int NOT_PROVED = 1;

  @Option(
      names = "--entries",
      paramLabel = "N",
      defaultValue = "250000",
      description =
          "How many connections the kernel tracks; nf_conntrack_max must be greater (default:"
              + " ${DEFAULT-VALUE}).")
  private int entries;

  @Option(
      names = "--denied",
      paramLabel = "N",
      defaultValue = "10000",
      description = "How many of them are forbidden and allowed (default: ${DEFAULT-VALUE}).")
  private int denied;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "20",
      description = "How often for each kind of change (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Override
  public Integer call() throws Exception {
    var output = new BenchOutput(spec);
    try (var route = Route.make();
        var nft = route.router().call(NftWay.LIBRARY::open)) {
      if (!new ConnectionsBench(route, nft, output).run(entries, denied, rounds)) {
        output.failure("packets passed that the version in force denies");
        return NOT_PROVED;
      }
      return ExitCode.WELL;
    }
  }
}
