package io.portcullis.bench.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.portcullis.bench.conformance.ClusterProbe.Compared;
import io.portcullis.cluster.ClusterObject;
import io.portcullis.json.Json;
import io.portcullis.lab.network.LabNetwork;
import io.portcullis.lab.network.Names;
import io.portcullis.oracle.RandomClusters;
import io.portcullis.oracle.WrittenPolicies;
import io.portcullis.validation.ApiObject;
import io.portcullis.validation.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Compares random clusters with the kernel; some of their policies are read from their JSON. It
 * loads the rules of each node in a namespace of its own, probes every pair of pods, nodes and
 * outside hosts with real packets, and compares the outcome with what the policies mean. It needs
 * root and nft, and no running services.
 */
public final class Conformance {
  private final long first;
  private final long last;
  private final Consumer<String> out;

  /**
   * Creates the test.
   *
   * @param first the first seed
   * @param last the last seed
   * @param out receives a line for each mismatch when it is found
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
   * The result of all seeds.
   *
   * @param seeds how many seeds there were
   * @param probes how many probes there were
   * @param denied how many of them the policies deny
   * @param deniedToOwnNode how many of these went from a pod to its own node
   * @param mismatches how many probes differed from the policies
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

    /** Returns {@code SEEDS n PROBES m MISMATCHES k}. */
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
        var written = WrittenPolicies.of(seed);
        var compared =
            probe.compare(
                both(objects, written.stream().map(Conformance::read)),
                both(objects, written.stream().map(WrittenPolicies.Written::meaning)));
        var label = "seed " + seed + ": ";
        compared.mismatches().forEach(mismatch -> out.accept(label + mismatch));
        result = result.plus(compared);
      }
    }
    return result;
  }

  private static List<ClusterObject> both(
      Collection<ClusterObject> objects, Stream<? extends ClusterObject> more) {
    return Stream.concat(objects.stream(), more).toList();
  }

  /** Reads a policy as a watcher reads one that an API server shows, with unknown fields (A8). */
  private static ClusterObject read(WrittenPolicies.Written written) {
    var object = Json.read(written.manifest().getBytes(StandardCharsets.UTF_8), JsonNode.class);
    var sighting = ApiObject.read(Kind.of(written.meaning().key()), object, 0).sighting();
    return sighting
        .valid()
        .orElseThrow(() -> new IllegalStateException(sighting.problems().toString()));
  }
}
