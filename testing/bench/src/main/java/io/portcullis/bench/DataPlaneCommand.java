package io.portcullis.bench;

import io.portcullis.agent.kernel.NftWay;
import io.portcullis.bench.dataplane.MixBench;
import io.portcullis.bench.dataplane.RateBench;
import io.portcullis.bench.figures.BenchOutput;
import io.portcullis.bench.network.Route;
import io.portcullis.cli.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code bench dataplane}. */
@Command(
    name = "dataplane",
    mixinStandardHelpOptions = true,
    description =
        "Floods a router while versions follow each other, and counts packets that meet a mix of two;"
            + " then measures how many new flows it decides per second.")
final class DataPlaneCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  private static final int NOT_PROVED = 1;
  private static final int QUICK_VERSIONS = 4;

  @Option(
      names = "--versions",
      paramLabel = "N",
      defaultValue = "2000",
      description = "The number of versions for each kind of change (default: ${DEFAULT-VALUE}).")
  private int versions;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "9",
      description =
          "The number of rounds of new flows for each layout (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--packets",
      paramLabel = "N",
      defaultValue = "200000",
      description = "The number of packets in each round (default: ${DEFAULT-VALUE}).")
  private int packets;

  @Option(names = "--short", description = "Only check that the benchmark works, in seconds.")
  private boolean quick;

  @Override
  public Integer call() throws Exception {
    var output = new BenchOutput(spec);
    try (var route = Route.make();
        var nft = route.router().call(NftWay.LIBRARY::open)) {
      var mix = new MixBench(route, nft, quick ? QUICK_VERSIONS : versions, output).run();
      new RateBench(route, nft, quick ? 1 : rounds, quick ? 1_000 : packets, output)
          .run()
          .forEach(output::figure);
      if (mix.leaked()) {
        output.failure("packets passed that no version allows");
        return NOT_PROVED;
      }
      if (!mix.seen() && !quick) {
        output.failure(
            "nothing leaked, but the wrong ways did not leak either, so the benchmark proves nothing");
        return NOT_PROVED;
      }
      return ExitCode.WELL;
    }
  }
}
