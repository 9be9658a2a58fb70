package io.portcullis.agent.enforce;

import static io.portcullis.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.portcullis.agent.counters.CountReader;
import io.portcullis.agent.counters.Counts;
import io.portcullis.agent.counters.DeniedSample;
import io.portcullis.agent.counters.HitCounters;
import io.portcullis.agent.kernel.Generation;
import io.portcullis.agent.kernel.InsideNamespace;
import io.portcullis.agent.kernel.Kernel;
import io.portcullis.agent.kernel.KernelTables;
import io.portcullis.agent.kernel.NftException;
import io.portcullis.agent.kernel.NftWay;
import io.portcullis.agent.program.LocalEdits;
import io.portcullis.agent.version.Version;
import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.net.PortRange;
import io.portcullis.net.Protocol;
import io.portcullis.nft.CutMark;
import io.portcullis.nft.LocalSets;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.Ports;
import io.portcullis.ruleset.Rule;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real packets to a pod, counted by the real kernel through all that becomes of its table. */
class CountsTest {
  private static final String CAUSE = "NetworkPolicy/shop/web#0";
  private static final String POLICY = "NetworkPolicy/shop/web";
  private static final IpAddress POD = IpAddress.parse(RoutedPods.v4(2));

  private final RoutedPods pods = new RoutedPods(2);
  private long version;

  @AfterEach
  void removeNamespaces() {
    pods.close();
  }

  /** UDP to some ports is let in by the rule of one policy, in chains of different content. */
  private static RuleSet letIn(String pod, int... ports) {
    var ranges = Arrays.stream(ports).mapToObj(p -> PortRange.of(Protocol.UDP, p)).toList();
    var rule = new Rule(Optional.empty(), Ports.of(ranges), Action.ACCEPT, List.of(CAUSE));
    var chain =
        Chain.of(Direction.INGRESS, Family.V4, List.of(rule), Action.DENY)
            .standingFor(List.of(POLICY));
    var endpoint =
        new Endpoint(POD, pod, Optional.of(chain.id()), Optional.empty(), Optional.empty());
    return RuleSet.of(List.of(chain, endpoint));
  }

  private interface Story {
    void tell(Agent agent) throws Exception;
  }

  /** What of an agent programs and counts. */
  private record Agent(Enforcement enforcement, HitCounters tally, CountReader reader) {
    Counts counts(RuleSet rules) throws NftException {
      return reader.read(rules);
    }
  }

  private void anAgent(Story story) throws Exception {
    InsideNamespace.call(
        pods.node().name(),
        () -> {
          try (var nft = NftWay.LIBRARY.open();
              var readers = NftWay.LIBRARY.open();
              var generation = Generation.open().orElseThrow();
              var tally = HitCounters.open(NftWay.LIBRARY.open());
              var reader = CountReader.open(new KernelTables(readers), tally::retired)) {
            var kernel = new Kernel(nft, Optional.of(generation), Optional.empty());
            var settings = new LocalEdits.Settings(CutMark.DEFAULT, 5, LocalSets.EMPTY);
            var table = new EnforcedTable(kernel, Optional.empty(), tally, settings);
            story.tell(new Agent(new Enforcement(table), tally, reader));
          }
          return null;
        });
  }

  private void enforce(Agent agent, RuleSet rules) {
    version++;
    var marker =
        new Marker(
            version,
            new Marker.Content(rules, "AbcdefghijklmnopqrstuQ"),
            new Marker.Compilation(
                new Marker.ClusterPosition("AbcdefghijklmnopqrstuQ", 0),
                new Marker.Shard(0, 1),
                1,
                List.of(),
                "test"));
    var since = new Version.Since(rules, RuleSetChange.between(rules, rules));
    assertThat(
            agent
                .enforcement()
                .enforce(new PendingVersion(new Version(rules, marker, since), 1, 2)))
        .isInstanceOf(Programmed.Committed.class);
  }

  /** Each a new connection, as it has a port of its own. */
  private void send(int port, int packets) throws Exception {
    for (var i = 0; i < packets; i++) {
      try (var socket = RoutedPods.socket(pods.pod(1), RoutedPods.v4(1), 0)) {
        RoutedPods.send(socket, RoutedPods.v4(2), port, "hello");
      }
    }
  }

  private static void assertCounts(Counts counts, long accepted, long isolated) {
    assertHits(counts, accepted, isolated);
    assertThat(denied(counts)).isEqualTo(isolated);
  }

  private static void assertHits(Counts counts, long accepted, long isolated) {
    assertThat(counts.hits().entrySet())
        .extracting(
            h -> h.getKey().verdict(), h -> h.getKey().causes(), h -> h.getValue().packets())
        .containsExactlyInAnyOrder(
            tuple("accept", List.of(CAUSE), accepted),
            tuple("isolated", List.of(POLICY), isolated));
  }

  private static long denied(Counts counts) {
    return counts.denied().stream()
        .filter(d -> d.ip().equals(POD) && d.direction() == Direction.INGRESS)
        .mapToLong(d -> d.counter().packets())
        .sum();
  }

  @Test
  void countsGoOnThroughChangesRepairsAndRestarts() throws Exception {
    var first = letIn("shop/web", 8000);
    var second = letIn("shop/web", 8000, 9000);
    anAgent(
        agent -> {
          enforce(agent, first);
          send(8000, 3);
          send(9000, 2);
          assertCounts(agent.counts(first), 3, 2);

          enforce(agent, second); // another chain, in steps
          assertCounts(agent.counts(second), 3, 2);
          send(9000, 4);
          send(7000, 1);
          assertCounts(agent.counts(second), 7, 3);

          // a drift: the table is there, and is replaced as a whole
          pods.node().run("", "nft", "insert rule inet portcullis forward accept").orThrow();
          assertThat(agent.enforcement().check()).containsInstanceOf(TableCheck.Repaired.class);
          assertCounts(agent.counts(second), 7, 3);
          send(9000, 1);
          send(7000, 1);
          assertCounts(agent.counts(second), 8, 4);
        });
    anAgent(
        agent -> {
          var left = (InheritedTable.Whole) agent.enforcement().inherited();
          agent.enforcement().takeOver(left.table());
          enforce(agent, second);
          assertCounts(agent.counts(second), 8, 4);
          enforce(agent, first);
          send(8000, 1);
          assertCounts(agent.counts(first), 9, 4);

          // the table is gone: what its own counters held is lost, what was added up before is not
          pods.node().run("", "nft", "delete table inet portcullis").orThrow();
          assertThat(agent.enforcement().check()).containsInstanceOf(TableCheck.Repaired.class);
          assertHits(agent.counts(first), 8, 4);
          assertThat(denied(agent.counts(first))).isZero();
        });
  }

  @Test
  void someDeniedPacketsAreToldWithTheirReason() throws Exception {
    var rules = letIn("shop/web", 8000);
    anAgent(
        agent -> {
          try (var nft = NftWay.LIBRARY.open();
              var sample = DeniedSample.open(5, nft)) {
            assertThat(sample.trouble()).isEmpty();
            enforce(agent, rules);
            send(7000, 1);
            await().until(() -> !sample.last(rules).isEmpty());
            var told = sample.last(rules).getFirst();
            assertThat(told.from().toString()).isEqualTo(RoutedPods.v4(1));
            assertThat(told.to()).isEqualTo(POD);
            assertThat(told.flow()).isEqualTo("udp/7000");
            assertThat(told.direction()).isEqualTo(Direction.INGRESS);
            assertThat(told.pod()).isEqualTo("shop/web");
            assertThat(told.reason()).containsExactly(POLICY);
          }
        });
  }

  @Test
  void anotherPodWithTheAddressIsCountedAnew() throws Exception {
    anAgent(
        agent -> {
          enforce(agent, letIn("shop/web", 8000));
          send(7000, 2);
          var next = letIn("shop/other", 8000);
          assertThat(denied(agent.counts(next))).isEqualTo(2);
          enforce(agent, next);
          assertThat(denied(agent.counts(next))).isZero();
          assertThat(agent.counts(next).denied())
              .extracting(Counts.Denied::pod)
              .contains("shop/other");
        });
  }
}
