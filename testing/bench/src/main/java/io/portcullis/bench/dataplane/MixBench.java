package io.portcullis.bench.dataplane;

import io.portcullis.agent.kernel.Nft;
import io.portcullis.bench.figures.BenchOutput;
import io.portcullis.bench.figures.Figure;
import io.portcullis.bench.network.Flood;
import io.portcullis.bench.network.PacketCount;
import io.portcullis.bench.network.Route;
import io.portcullis.bench.rules.VersionPair;
import io.portcullis.net.Family;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Looks for packets that pass although no version allows them, or are lost although all versions
 * allow them.
 */
public final class MixBench {
  private static final List<Case> CASES =
      List.of(
          new Case(VersionPair.MEMBERS, UpdateMethod.STEPS),
          new Case(VersionPair.ONE_DIRECTION, UpdateMethod.STEPS),
          new Case(VersionPair.TWO_DIRECTIONS, UpdateMethod.STEPS),
          new Case(VersionPair.CHAINS, UpdateMethod.STEPS),
          new Case(VersionPair.CHAINS_AND_MEMBERS, UpdateMethod.STEPS),
          new Case(VersionPair.DENY_AND_ACCEPT, UpdateMethod.STEPS),
          new Case(VersionPair.TWO_DENY_SETS, UpdateMethod.STEPS),
          new Case(VersionPair.CHAINS, UpdateMethod.WHOLE),
          new Case(VersionPair.TWO_DIRECTIONS, UpdateMethod.WHOLE),
          new Case(VersionPair.CHAINS, UpdateMethod.REPAIR),
          new Case(VersionPair.CHAINS, UpdateMethod.RESTART));
  private static final List<Case> WRONG =
      List.of(
          new Case(VersionPair.TWO_DIRECTIONS, UpdateMethod.STEPS_IN_ONE),
          new Case(VersionPair.TWO_DENY_SETS, UpdateMethod.STEPS_IN_ONE),
          new Case(VersionPair.CHAINS, UpdateMethod.WHOLE_IN_ONE));

  private static final long QUIET_MILLIS = 10;

  private final Route route;
  private final Nft nft;
  private final int versions;
  private final BenchOutput output;
  private boolean rightLeaked;
  private boolean wrongLeaked;

  /** A pair of versions and a way to change from one to the other. */
  private record Case(VersionPair pair, UpdateMethod method) {
    String name() {
      return (pair + "." + method).toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Creates the benchmark.
   *
   * @param route the network
   * @param nft the nftables of the route's router
   * @param versions how many versions of each kind follow each other
   * @param output receives the figures
   */
  public MixBench(Route route, Nft nft, int versions, BenchOutput output) {
    this.route = route;
    this.nft = nft;
    this.versions = versions;
    this.output = output;
  }

  /**
   * The result.
   *
   * @param leaked whether packets met a mix on one of the agent's ways
   * @param seen whether packets met a mix on one of the wrong ways, which proves that a leak is
   *     visible
   */
  public record Result(boolean leaked, boolean seen) {}

  public Result run() throws Exception {
    // A packet that leaks makes no connection, which would let others pass.
    route.count(Route.End.JUDGED);
    for (var family : Family.values()) {
      for (var testCase : CASES) {
        leaks(testCase, family);
        losses(testCase, family);
      }
      for (var testCase : WRONG) {
        leaks(testCase, family);
      }
    }
    return new Result(rightLeaked, wrongLeaked);
  }

  private void leaks(Case testCase, Family family) throws Exception {
    var counted = counted(testCase, family, false);
    packets("leaks", testCase, family, counted.passed());
    if (counted.passed() > 0) {
      rightLeaked |= testCase.method().isRight();
      wrongLeaked |= !testCase.method().isRight();
    }
  }

  private void losses(Case testCase, Family family) throws Exception {
    packets("lost", testCase, family, counted(testCase, family, true).lost());
  }

  private void packets(String kind, Case testCase, Family family, long packets) {
    var name = "dataplane." + kind + "." + testCase.name() + "." + family.suffix();
    output.figure(Figure.count(name, packets, "packets"));
  }

  private void rate(String kind, double perSecond, String unit) {
    output.figure(new Figure("dataplane." + kind, perSecond, unit, 0));
  }

  /** Counts what the flood met while versions followed each other. */
  private PacketCount counted(Case testCase, Family family, boolean allow) throws Exception {
    var pair = testCase.pair();
    var turns = new AlternatingVersions(pair.first(family, allow), pair.second(family, allow));
    turns.begin(nft);
    var kind = (allow ? "allowed." : "denied.") + testCase.name() + "." + family.suffix();
    output.progress(kind);
    try (var flood = Flood.open(route, family, 1)) {
      flood.send(1_000); // the router learns its neighbours' link-layer addresses
      var before = quiet();
      var begun = System.nanoTime();
      flood.during(
          () -> {
            for (var i = 0; i < versions; i++) {
              turns.next(testCase.method(), nft);
            }
          });
      var seconds = (System.nanoTime() - begun) / 1e9;
      var counted = quiet().since(before);
      requireFlow(kind, counted);
      rate("rate." + kind, counted.come() / seconds, "packets/s");
      rate("versions." + kind, versions / seconds, "versions/s");
      if (allow) {
        var still = still(flood, seconds);
        packets("lost_without_change", testCase, family, still.lost());
      }
      return counted;
    }
  }

  /** Fails if too few packets arrived, since a flood that meets no version proves nothing. */
  private void requireFlow(String kind, PacketCount counted) {
    if (counted.come() < versions) {
      throw new IllegalStateException(
          "%s: only %d packets arrived while %d versions followed each other"
              .formatted(kind, counted.come(), versions));
    }
  }

  /** Counts what the flood meets in the same time without a change. */
  private PacketCount still(Flood flood, double seconds) throws Exception {
    var before = quiet();
    flood.during(() -> TimeUnit.MICROSECONDS.sleep((long) (seconds * 1e6)));
    return quiet().since(before);
  }

  /** Returns the counters when no packet is under way any more. */
  private PacketCount quiet() throws Exception {
    var counted = PacketCount.read(nft);
    PacketCount before;
    do {
      TimeUnit.MILLISECONDS.sleep(QUIET_MILLIS);
      before = counted;
      counted = PacketCount.read(nft);
    } while (!before.equals(counted));
    return counted;
  }
}
