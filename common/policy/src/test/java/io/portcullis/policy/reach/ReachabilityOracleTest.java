package io.portcullis.policy.reach;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.net.Family;
import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.net.Protocol;
import io.portcullis.oracle.Oracle;
import io.portcullis.oracle.RandomClusters;
import io.portcullis.policy.state.Cluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The engine against the oracle, on random clusters: every pair of addresses, every port at a bound
 * and beside it. {@code -Dportcullis.reach.clusters=2000} tries more clusters.
 */
class ReachabilityOracleTest {
  private static final int CLUSTERS = Integer.getInteger("portcullis.reach.clusters", 100);
  private static final List<Integer> BOUNDS = List.of(80, 81, 443, 8080);

  @Test
  void everyFlowIsTheOracles() {
    for (var seed = 1L; seed <= CLUSTERS; seed++) {
      var objects = RandomClusters.of(seed);
      var exempt = seed % 2 == 0 ? Set.of("c") : Set.<String>of();
      var oracle = new Oracle(objects, exempt);
      var snapshot = Snapshot.of(new Cluster(objects), exempt);
      for (var family : Family.values()) {
        var engine =
            new Reachability(new PeerSpace(family, List.of(snapshot), List.of()), snapshot);
        assertSame(seed, family, engine, oracle);
      }
    }
  }

  /** Checks every flow between addresses that matter. */
  static void assertSame(long seed, Family family, Reachability engine, Oracle oracle) {
    var addresses =
        RandomClusters.addresses().stream().filter(ip -> ip.family() == family).toList();
    for (var source : addresses) {
      for (var destination : addresses) {
        var allowed = Reachability.allowed(engine.parts(source, destination));
        for (var port : ports(allowed)) {
          var flow = new Flow(source, destination, port);
          if (allowed.contains(port) != oracle.allowed(flow)) {
            throw new AssertionError("cluster %d: %s, engine: %s".formatted(seed, flow, allowed));
          }
        }
      }
      assertSameThroughService(seed, engine, oracle, source);
    }
  }

  private static void assertSameThroughService(
      long seed, Reachability engine, Oracle oracle, IpAddress address) {
    if (engine.snapshot().pod(address).isEmpty()) {
      return;
    }
    var allowed = Reachability.allowed(engine.throughService(address));
    for (var port : ports(allowed)) {
      assertThat(allowed.contains(port))
          .as("cluster %d: %s through a service, %s", seed, address, port)
          .isEqualTo(oracle.allowedThroughService(address, port));
    }
  }

  /** Returns the bounds of the policies' ports and of the answer's, and what is beside them. */
  static List<Optional<Flow.Port>> ports(PortSet answer) {
    var all = new ArrayList<Optional<Flow.Port>>();
    all.add(Optional.empty());
    for (var protocol : Protocol.values()) {
      var numbers = new TreeSet<Integer>(List.of(1, 65_535));
      Stream.concat(
              BOUNDS.stream(),
              answer.ranges().stream()
                  .filter(range -> range.protocol() == protocol)
                  .flatMap(range -> Stream.of(range.first(), range.last())))
          .forEach(bound -> numbers.addAll(List.of(bound - 1, bound, bound + 1)));
      numbers.stream()
          .filter(number -> number >= 1 && number <= 65_535)
          .forEach(number -> all.add(Optional.of(new Flow.Port(protocol, number))));
    }
    return all;
  }
}
