package io.portcullis.policy.reach;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.oracle.Oracle;
import io.portcullis.oracle.RandomClusters;
import io.portcullis.policy.state.Cluster;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Counts of open pairs by namespace against the oracle, on random clusters. */
class CountQueryOracleTest {
  private static final int CLUSTERS = Integer.getInteger("portcullis.reach.clusters", 100);
  private static final List<Optional<Flow.Port>> BOUNDS =
      ReachabilityOracleTest.ports(PortSet.NOTHING);
  private static final Ends IN_A =
      (_, pod) -> pod.filter(p -> p.key().namespace().equals("a")).isPresent();

  @Test
  void pairsAreCountedAsTheOracleDecides() {
    for (var seed = 1L; seed <= CLUSTERS; seed++) {
      assertCounts(seed, Ends.ALL, Ends.ALL, PortSet.EVERYTHING);
    }
  }

  @Test
  void onlyPortsAndEndsThatAreAskedAboutCount() {
    var port = PortSet.of(BOUNDS.stream().filter(Optional::isPresent).findFirst().orElseThrow());
    for (var seed = 1L; seed <= CLUSTERS; seed++) {
      assertCounts(seed, IN_A, Ends.ALL, port);
      assertCounts(seed, Ends.ALL, IN_A, port);
    }
  }

  private static void assertCounts(long seed, Ends from, Ends to, PortSet ports) {
    var objects = RandomClusters.of(seed);
    var snapshot = Snapshot.of(new Cluster(objects), Set.of());
    var oracle = new Oracle(objects, Set.of());
    var found = new ArrayList<PodCount>();
    new CountQuery(from, to, ports).forEach(snapshot, found::add);
    var expected = new HashMap<String, long[]>();
    for (var source : snapshot.pods().entrySet()) {
      for (var destination : snapshot.pods().entrySet()) {
        if (isPair(source.getKey(), destination.getKey())
            && isAsked(from, source)
            && isAsked(to, destination)) {
          var counts =
              expected.computeIfAbsent(
                  source.getKey().family()
                      + " "
                      + source.getValue().key().namespace()
                      + " "
                      + destination.getValue().key().namespace(),
                  _ -> new long[2]);
          counts[0] += isOpen(oracle, source.getKey(), destination.getKey(), ports) ? 1 : 0;
          counts[1]++;
        }
      }
    }
    var seen = new HashSet<String>();
    for (var count : found) {
      var name = count.family() + " " + count.source() + " " + count.destination();
      assertThat(seen.add(name)).isTrue();
      assertThat(new long[] {count.open(), count.all()})
          .as("cluster %d: %s", seed, name)
          .isEqualTo(expected.get(name));
    }
    expected.forEach(
        (name, counts) ->
            assertThat(seen.contains(name))
                .as("cluster %d: %s", seed, name)
                .isEqualTo(counts[0] > 0));
  }

  private static boolean isPair(IpAddress one, IpAddress other) {
    return one.family() == other.family() && !one.equals(other);
  }

  private static boolean isAsked(Ends ends, Map.Entry<IpAddress, Pod> pod) {
    return ends.has(pod.getKey(), Optional.of(pod.getValue()));
  }

  private static boolean isOpen(
      Oracle oracle, IpAddress source, IpAddress destination, PortSet ports) {
    return BOUNDS.stream()
        .filter(ports::contains)
        .anyMatch(port -> oracle.allowed(new Flow(source, destination, port)));
  }
}
