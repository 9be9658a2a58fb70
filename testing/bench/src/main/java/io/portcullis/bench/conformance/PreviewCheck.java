package io.portcullis.bench.conformance;

import io.portcullis.bench.conformance.ClusterProbe.Compared;
import io.portcullis.cluster.ClusterObject;
import io.portcullis.lab.network.LabNetwork;
import io.portcullis.lab.network.Names;
import io.portcullis.net.Flow;
import io.portcullis.oracle.NetworkText;
import io.portcullis.oracle.RandomChange;
import io.portcullis.oracle.RandomClusters;
import io.portcullis.policy.reach.ChangeQuery;
import io.portcullis.policy.reach.Level;
import io.portcullis.policy.reach.Preview;
import io.portcullis.policy.state.Cluster;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Compares what a preview says of random changes with what packets do. It probes every pair of
 * pods, nodes and outside hosts before a change and after it: what is said to be opened or closed
 * must be, and nothing else. It needs root and nft, and no running services.
 */
public final class PreviewCheck {
  /** The changes of one cluster: each comes after the one before it. */
  private static final int CHANGES_OF_A_CLUSTER = 5;

  private final long seed;
  private final int changes;
  private final Consumer<String> out;

  /**
   * Creates the check.
   *
   * @param seed of the first cluster
   * @param changes how many changes are made
   * @param out receives a line for each mismatch when it is found
   */
  public PreviewCheck(long seed, int changes, Consumer<String> out) {
    if (changes < 1) {
      throw new IllegalArgumentException("no changes: " + changes);
    }
    this.seed = seed;
    this.changes = changes;
    this.out = out;
  }

  /**
   * The result of all changes.
   *
   * @param changes how many changes were made
   * @param probes how many probes there were after the changes
   * @param opened how many of them passed, and did not before
   * @param closed how many of them did not pass, and did before
   * @param mismatches how many did something else than the preview says
   */
  public record Result(int changes, long probes, long opened, long closed, long mismatches) {
    private static final Result NONE = new Result(0, 0, 0, 0, 0);

    private Result plus(Compared after, Map<Flow, Boolean> before, long wrong) {
      return new Result(
          changes + 1,
          probes + after.probes(),
          opened + count(before, after.seen()),
          closed + count(after.seen(), before),
          mismatches + wrong);
    }

    private Result plusMismatches(long wrong) {
      return new Result(changes, probes, opened, closed, mismatches + wrong);
    }

    private static long count(Map<Flow, Boolean> without, Map<Flow, Boolean> with) {
      return with.entrySet().stream()
          .filter(entry -> entry.getValue() && !without.get(entry.getKey()))
          .count();
    }

    /** Returns {@code CHANGES n PROBES m OPENED o CLOSED c MISMATCHES k}. */
    public String text() {
      return "CHANGES %d PROBES %d OPENED %d CLOSED %d MISMATCHES %d"
          .formatted(changes, probes, opened, closed, mismatches);
    }
  }

  /** Makes all changes; leaves nothing behind. */
  public Result run() throws InterruptedException {
    var result = Result.NONE;
    var names = Names.random();
    try (var network = new LabNetwork(names)) {
      network.open();
      var probe = new ClusterProbe(network, names);
      for (var of = seed; result.changes() < changes; of++) {
        var random = Random.from(new SplittableRandom(of));
        List<ClusterObject> objects = RandomClusters.next(random);
        var before = probe.compare(objects, objects);
        result = result.plusMismatches(told("seed " + of, before.mismatches()));
        var seen = before.seen();
        for (var i = 0; i < CHANGES_OF_A_CLUSTER && result.changes() < changes; i++) {
          var change = next(objects, random);
          var foretold = foretold(change, seen);
          var after = change.after();
          var compared = probe.compare(after, after, foretold);
          var name = "seed %d, change %d %s".formatted(of, i + 1, change.kinds());
          var wrong = told(name, compared.mismatches()) + told(name, foretold.contradictions());
          result = result.plus(compared, seen, wrong);
          objects = after;
          seen = compared.seen();
        }
      }
    }
    return result;
  }

  private int told(String name, List<String> mismatches) {
    mismatches.forEach(mismatch -> out.accept(name + ": " + mismatch));
    return mismatches.size();
  }

  private static Foretold foretold(RandomChange change, Map<Flow, Boolean> seen) {
    var preview = Preview.of(new Cluster(change.before()), Set.of(), change.objects());
    var rows = new ChangeQuery(Level.POD).rows(preview.before(), preview.after());
    return new Foretold(preview.before(), rows, seen);
  }

  /** Draws a change of whose networks the preview names all, and not a few of many. */
  private static RandomChange next(List<ClusterObject> objects, Random random) {
    while (true) {
      var change = RandomChange.next(objects, RandomChange.Kind.OF_RULES, random);
      if (foretold(change, Map.of()).rows().stream()
          .flatMap(row -> Stream.of(row.source().party(), row.destination().party()))
          .allMatch(party -> NetworkText.isWhole(party.text()))) {
        return change;
      }
    }
  }
}
