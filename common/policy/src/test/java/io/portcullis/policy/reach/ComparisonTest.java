package io.portcullis.policy.reach;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.net.Family;
import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.oracle.Oracle;
import io.portcullis.oracle.RandomClusters;
import io.portcullis.policy.state.Cluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Two states of random clusters that differ in their policies, against the oracle. */
class ComparisonTest {
  private static final int CHANGES = Integer.getInteger("portcullis.reach.changes", 100);
  private static final List<Optional<Flow.Port>> PORTS =
      ReachabilityOracleTest.ports(PortSet.NOTHING);

  /** Objects before and after a change of policies, with the oracles of both. */
  record Change(long seed, List<ClusterObject> before, List<ClusterObject> after) {

    static Change of(long seed) {
      var before = new TreeMap<ObjectKey, ClusterObject>();
      RandomClusters.of(seed).forEach(object -> before.put(object.key(), object));
      var after = new TreeMap<>(before);
      var policies = before.values().stream().filter(Change::isPolicy).toList();
      if (seed % 3 == 0 && !policies.isEmpty()) {
        after.remove(policies.get((int) (seed % policies.size())).key());
      } else {
        RandomClusters.of(seed + 1_000_000).stream()
            .filter(Change::isPolicy)
            .limit(seed % 2 + 1)
            .forEach(policy -> after.put(policy.key(), policy));
      }
      return new Change(seed, List.copyOf(before.values()), List.copyOf(after.values()));
    }

    private static boolean isPolicy(ClusterObject object) {
      return object instanceof ClusterObject.NetworkPolicy
          || object instanceof ClusterObject.TieredPolicy;
    }

    Snapshot snapshot(List<ClusterObject> objects) {
      return Snapshot.of(new Cluster(objects), Set.of());
    }
  }

  @Test
  void theFirstDifferenceIsOneForTheOracleToo() {
    var same = 0;
    for (var seed = 1L; seed <= CHANGES; seed++) {
      var change = Change.of(seed);
      var found =
          Comparison.first(change.snapshot(change.before()), change.snapshot(change.after()));
      var before = new Oracle(change.before(), Set.of());
      var after = new Oracle(change.after(), Set.of());
      if (found.isPresent()) {
        var at = found.get();
        assertThat(meant(before, at)).as("change %d: %s", seed, at).isEqualTo(at.allowed());
        assertThat(meant(after, at)).as("change %d: %s", seed, at).isEqualTo(at.after());
        assertThat(at.after()).isNotEqualTo(at.allowed());
      } else {
        same++;
        assertSame(seed, before, after);
      }
    }
    assertThat(same).as("changes that change nothing").isBetween(1, CHANGES - 1);
  }

  private static boolean meant(Oracle oracle, Comparison.Difference at) {
    return at.throughService()
        ? oracle.allowedThroughService(at.flow().source(), at.flow().port())
        : oracle.allowed(at.flow());
  }

  private static void assertSame(long seed, Oracle before, Oracle after) {
    for (var family : Family.values()) {
      var addresses =
          RandomClusters.addresses().stream().filter(ip -> ip.family() == family).toList();
      for (var source : addresses) {
        for (var destination : addresses) {
          PORTS.forEach(
              port -> {
                var flow = new Flow(source, destination, port);
                assertThat(before.allowed(flow))
                    .as("change %d: %s", seed, flow)
                    .isEqualTo(after.allowed(flow));
              });
        }
      }
    }
  }

  @Test
  void rowsByPodSayWhatIsOpenedAndClosed() {
    for (var seed = 1L; seed <= CHANGES; seed++) {
      var change = Change.of(seed);
      var before = change.snapshot(change.before());
      var rows = new ChangeQuery(Level.POD).rows(before, change.snapshot(change.after()));
      var was = new Oracle(change.before(), Set.of());
      var is = new Oracle(change.after(), Set.of());
      var pods = new ArrayList<>(before.pods().entrySet());
      for (var from : pods) {
        for (var to : pods) {
          var source = Level.POD.name(from.getValue());
          var destination = Level.POD.name(to.getValue());
          if (from.getKey().family() == to.getKey().family() && !source.equals(destination)) {
            assertRows(seed, rows, source, destination, from.getKey(), to.getKey(), was, is);
          }
        }
      }
    }
  }

  private static void assertRows(
      long seed,
      List<Row> rows,
      String source,
      String destination,
      IpAddress from,
      IpAddress to,
      Oracle was,
      Oracle is) {
    var opened = ports(rows, Row.Effect.OPENED, from.family(), source, destination);
    var closed = ports(rows, Row.Effect.CLOSED, from.family(), source, destination);
    for (var port : ReachabilityOracleTest.ports(opened.or(closed))) {
      var flow = new Flow(from, to, port);
      var allowed = is.allowed(flow);
      var before = was.allowed(flow);
      assertThat(opened.contains(port))
          .as("change %d opens %s", seed, flow)
          .isEqualTo(allowed && !before);
      assertThat(closed.contains(port))
          .as("change %d closes %s", seed, flow)
          .isEqualTo(before && !allowed);
    }
  }

  private static PortSet ports(
      List<Row> rows, Row.Effect effect, Family family, String source, String destination) {
    return rows.stream()
        .filter(row -> row.effect() == effect && row.families().contains(family))
        .filter(row -> row.source().party().text().equals(source))
        .filter(row -> row.destination().party().text().equals(destination))
        .map(Row::ports)
        .reduce(PortSet.NOTHING, PortSet::or);
  }
}
