package io.portcullis.policy.reach;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.net.Cidr;
import io.portcullis.net.Family;
import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.net.IpRange;
import io.portcullis.oracle.Oracle;
import io.portcullis.oracle.RandomClusters;
import io.portcullis.policy.state.Cluster;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Rows of answers against the oracle, for every pod of random clusters and for addresses outside.
 */
class RowsOracleTest {
  private static final int CLUSTERS = Integer.getInteger("portcullis.reach.clusters", 100);
  private static final List<IpAddress> OUTSIDE =
      List.of(IpAddress.parse("203.0.113.10"), IpAddress.parse("2001:db8:51::10"));

  @Test
  void rowsByPodSayWhatTheOracleSays() {
    for (var seed = 1L; seed <= CLUSTERS; seed++) {
      var objects = RandomClusters.of(seed);
      var snapshot = Snapshot.of(new Cluster(objects), Set.of());
      var oracle = new Oracle(objects, Set.of());
      var rows = new ReachQuery(Ends.ALL, Ends.ALL, PortSet.EVERYTHING, Level.POD).rows(snapshot);
      for (var from : snapshot.pods().entrySet()) {
        for (var to : snapshot.pods().entrySet()) {
          var source = Level.POD.name(from.getValue());
          var destination = Level.POD.name(to.getValue());
          if (from.getKey().family() == to.getKey().family() && !source.equals(destination)) {
            var ports = ports(rows, from.getKey().family(), source, destination);
            assertSame(oracle, from.getKey(), to.getKey(), ports, seed);
          }
        }
      }
    }
  }

  @Test
  void rowsOfANetworkThatIsAskedAboutSayWhatTheOracleSays() {
    for (var seed = 1L; seed <= CLUSTERS; seed++) {
      var objects = RandomClusters.of(seed);
      var snapshot = Snapshot.of(new Cluster(objects), Set.of());
      var oracle = new Oracle(objects, Set.of());
      for (var outside : OUTSIDE) {
        var network = new Cidr(outside, outside.family().bits());
        var only = only(network);
        var in = new ReachQuery(only, Ends.ALL, PortSet.EVERYTHING, Level.POD).rows(snapshot);
        var out = new ReachQuery(Ends.ALL, only, PortSet.EVERYTHING, Level.POD).rows(snapshot);
        for (var pod : snapshot.pods().entrySet()) {
          if (pod.getKey().family() == outside.family()) {
            var name = Level.POD.name(pod.getValue());
            var family = outside.family();
            var text = network.toString();
            assertSame(oracle, outside, pod.getKey(), ports(in, family, text, name), seed);
            assertSame(oracle, pod.getKey(), outside, ports(out, family, name, text), seed);
          }
        }
      }
    }
  }

  private static Ends only(Cidr network) {
    return new Ends() {
      @Override
      public boolean has(IpAddress address, Optional<ClusterObject.Pod> pod) {
        return network.range().contains(address);
      }

      @Override
      public List<IpRange> networks() {
        return List.of(network.range());
      }
    };
  }

  private static PortSet ports(List<Row> rows, Family family, String source, String destination) {
    return rows.stream()
        .filter(row -> row.families().contains(family))
        .filter(row -> row.source().party().text().equals(source))
        .filter(row -> row.destination().party().text().equals(destination))
        .map(Row::ports)
        .reduce(PortSet.NOTHING, PortSet::or);
  }

  private static void assertSame(
      Oracle oracle, IpAddress source, IpAddress destination, PortSet ports, long seed) {
    for (var port : ReachabilityOracleTest.ports(ports)) {
      var flow = new Flow(source, destination, port);
      assertThat(ports.contains(port))
          .as("cluster %d: %s", seed, flow)
          .isEqualTo(oracle.allowed(flow));
    }
  }
}
