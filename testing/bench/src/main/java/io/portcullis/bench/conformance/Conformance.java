package io.portcullis.bench.conformance;

import io.portcullis.bench.conformance.ClusterProbe.Compared;
import io.portcullis.lab.network.LabNetwork;
import io.portcullis.lab.network.Names;
import io.portcullis.oracle.RandomClusters;
import java.util.function.Consumer;

/**
 * Random clusters against the kernel: the rules of each node are loaded in a namespace of its own,
 * every pair of pods, nodes and outside hosts is probed with real packets, and what was seen is
 * compared with what the policies mean. Needs root and nft, nothing else of a lab.
 */
public final class Conformance {
  private final long first;
  private final long last;
  private final Consumer<String> out;

  /**
   * @param first seed
   * @param last seed, included
   * @param out takes a line for each mismatch as it is found
   */
  public Conformance(long first, long last, Consumer<String> out) {
    if (first > last) {
      throw new IllegalArgumentException("no seeds: " + first + ".." + last);
    }
    this.first = first;
    this.last = last;
    this.out = out;
  }

  /**
   * What was found.
   *
   * @param denied how many of the probes the policies deny
   * @param deniedToOwnNode how many of these went from a pod to its own node
   */
  public record Result(
      long seeds, long probes, long denied, long deniedToOwnNode, long mismatches) {
    private static final Result NONE = new Result(0, 0, 0, 0, 0);

    private Result plus(Compared one) {
      return new Result(
          seeds + 1,
          probes + one.probes(),
          denied + one.denied(),
          deniedToOwnNode + one.deniedToOwnNode(),
          mismatches + one.mismatches().size());
    }

    /** {@code SEEDS n PROBES m MISMATCHES k}. */
    public String text() {
      return "SEEDS " + seeds + " PROBES " + probes + " MISMATCHES " + mismatches;
    }
  }

  /** Tries all seeds; leaves nothing behind. */
  public Result run() throws InterruptedException {
    var result = Result.NONE;
    var names = Names.random();
    try (var network = new LabNetwork(names)) {
      network.open();
      var probe = new ClusterProbe(network, names);
      for (var seed = first; seed <= last; seed++) {
        var objects = RandomClusters.of(seed);
        var compared = probe.compare(objects, objects);
        var label = "seed " + seed + ": ";
        compared.mismatches().forEach(mismatch -> out.accept(label + mismatch));
        result = result.plus(compared);
      }
    }
    return result;
  }
}
