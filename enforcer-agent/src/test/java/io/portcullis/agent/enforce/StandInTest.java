package io.portcullis.agent.enforce;

import static io.portcullis.Patience.await;
import static io.portcullis.agent.enforce.RoutedPods.NODE_V4;
import static io.portcullis.agent.enforce.RoutedPods.NODE_V6;
import static io.portcullis.agent.enforce.RoutedPods.received;
import static io.portcullis.agent.enforce.RoutedPods.receivedBeforeLast;
import static io.portcullis.agent.enforce.RoutedPods.send;
import static io.portcullis.agent.enforce.RoutedPods.socket;
import static io.portcullis.agent.enforce.RoutedPods.v4;
import static io.portcullis.agent.enforce.RoutedPods.v6;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.agent.kernel.FailingNft;
import io.portcullis.agent.kernel.Generation;
import io.portcullis.agent.kernel.InsideNamespace;
import io.portcullis.agent.kernel.Kernel;
import io.portcullis.agent.kernel.NftWay;
import io.portcullis.agent.program.CounterEdits;
import io.portcullis.agent.program.LocalEdits;
import io.portcullis.agent.program.Plan;
import io.portcullis.agent.program.Tables;
import io.portcullis.agent.standin.StandIn;
import io.portcullis.cluster.Direction;
import io.portcullis.net.Cidr;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.nft.GuardLease;
import io.portcullis.nft.NftRenderer;
import io.portcullis.nft.Stamp;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.ChainId;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.RuleSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/**
 * What stands in for a table that others removed, with real packets: the first pod may get nothing,
 * the second may do all, the third may send nothing.
 */
class StandInTest {
  private static final int PORT = 7000;

  private interface Story {
    void tell(EnforcedTable table, Enforcement enforcement, Kernel kernel) throws Exception;
  }

  /** An agent on the node; the kernel takes versions unless it is told to refuse them. */
  private static void agent(RoutedPods pods, AtomicBoolean refuses, Story story) throws Exception {
    InsideNamespace.call(
        pods.node().name(),
        () -> {
          try (var library = NftWay.LIBRARY.open();
              var nft = new FailingNft(library, text -> refuses.get() && isVersion(text));
              var generation = Generation.open().orElseThrow();
              var standIn = StandIn.open().orElseThrow()) {
            var kernel = new Kernel(nft, Optional.of(generation), Optional.empty());
            var table =
                new EnforcedTable(
                    kernel,
                    Optional.of(standIn),
                    CounterEdits.NOTHING,
                    LocalEdits.Settings.DEFAULT);
            table.promise(GuardLease.EVER);
            var enforcement = new Enforcement(table);
            enforcement.inherited();
            story.tell(table, enforcement, kernel);
          }
          return null;
        });
  }

  @Test
  void nothingNewPassesThatAVersionMayDenyUntilItIsLoadedAgain() throws Exception {
    var refuses = new AtomicBoolean();
    try (var pods = new RoutedPods(3)) {
      agent(
          pods,
          refuses,
          (_, enforcement, kernel) -> {
            enforcement.enforce(PendingVersions.of(1, rules()));
            refuses.set(true);
            pods.node().load("flush ruleset");
            assertThat(enforcement.check()).containsInstanceOf(TableCheck.Unrepaired.class);
            onlyWhatNoVersionMayDeny(pods, List.of(v4(1), v4(2), v4(3), NODE_V4));
            onlyWhatNoVersionMayDeny(pods, List.of(v6(1), v6(2), v6(3), NODE_V6));
            refuses.set(false);
            await()
                .pollInSameThread()
                .untilAsserted(
                    () ->
                        assertThat(enforcement.check())
                            .containsInstanceOf(TableCheck.Repaired.class));
            assertThat(kernel.look().tables().swap()).isFalse();
            assertThat(enforcement.repair().drifts().last().getFirst().difference())
                .hasToString("the table is gone");
          });
    }
  }

  @Test
  void c1_newPodsAreGuardedAndTheHostsOwnTrafficPasses() throws Exception {
    var refuses = new AtomicBoolean();
    try (var pods = new RoutedPods(2)) {
      RoutedPods.ip(pods.node(), "addr add 10.244.0.254/32 dev lo");
      var greetings = new Greetings(pods);
      agent(
          pods,
          refuses,
          (_, enforcement, _) -> {
            enforcement.enforce(PendingVersions.of(1, firstIsKnown()));
            refuses.set(true);
            pods.node().load("flush ruleset");
            assertThat(enforcement.check()).containsInstanceOf(TableCheck.Unrepaired.class);
            greetings.doNotReach(2, 1);
            greetings.doNotReach(1, 2);
            try (var node = socket(pods.node(), "10.244.0.254", PORT);
                var first = socket(pods.pod(1), v4(1), PORT);
                var second = socket(pods.pod(2), v4(2), PORT)) {
              send(node, "10.244.0.254", PORT, "to itself");
              send(first, "10.244.0.254", PORT, "of the first");
              assertThat(received(node, 2)).containsExactly("to itself", "of the first");
              send(node, v4(2), PORT, "of the node");
              assertThat(received(second, 1)).containsExactly("of the node");
            }
          });
    }
  }

  private static RuleSet firstIsKnown() {
    var records = new ArrayList<NodeRecord>();
    for (var cidr : List.of("10.244.0.0/24", "fd00:244::/64")) {
      records.add(new NodeRecord.PodCidr(Cidr.parse(cidr).range()));
    }
    for (var family : Family.values()) {
      records.add(endpoint(family, 1, Optional.empty(), Optional.empty()));
    }
    return RuleSet.of(records);
  }

  @Test
  void aTableIsNotLeftBesideAVersionThatIsLoadedAfterIt() throws Exception {
    try (var pods = new RoutedPods(1)) {
      agent(
          pods,
          new AtomicBoolean(),
          (table, enforcement, kernel) -> {
            enforcement.enforce(PendingVersions.of(1, rules()));
            pods.node().load("flush ruleset");
            var before = kernel.look().tables();
            table.closeIfGone(); // as the thread does that hears of it
            assertThat(kernel.look().tables()).isEqualTo(new Tables(Optional.empty(), true));
            var stamp = new Stamp(2, "A".repeat(22), rules().digest().hex(), 1);
            table.carryOut(Plan.toHold(rules(), stamp, before), rules(), rules(), _ -> {});
            assertThat(kernel.look().tables()).isEqualTo(Tables.holding(stamp));
            table.closeIfGone();
            assertThat(kernel.look().tables()).isEqualTo(Tables.holding(stamp));
          });
    }
  }

  private static boolean isVersion(String transaction) {
    return transaction.contains("delete table inet " + NftRenderer.TABLE + "\n");
  }

  /** Each address: of the three pods and of the node. */
  private static void onlyWhatNoVersionMayDeny(RoutedPods pods, List<String> at) throws Exception {
    try (var first = socket(pods.pod(1), at.get(0), PORT);
        var second = socket(pods.pod(2), at.get(1), PORT);
        var third = socket(pods.pod(3), at.get(2), PORT);
        var node = socket(pods.node(), at.get(3), PORT);
        var newOfSecond = socket(pods.pod(2), at.get(1), PORT + 1)) {
      send(first, at.get(1), PORT, "of the first");
      assertThat(received(second, 1)).containsExactly("of the first");
      send(second, at.get(0), PORT, "answer");
      send(newOfSecond, at.get(0), PORT, "new to the first");
      assertThat(receivedBeforeLast(first, node)).containsExactly("answer");
      send(third, at.get(1), PORT, "of the third");
      assertThat(receivedBeforeLast(second, node)).isEmpty();
      send(third, at.get(3), PORT, "of the third");
      send(second, at.get(3), PORT, "of the second");
      assertThat(received(node, 1)).containsExactly("of the second");
    }
  }

  private static RuleSet rules() {
    var records = new ArrayList<NodeRecord>();
    for (var family : Family.values()) {
      var in = Chain.of(Direction.INGRESS, family, List.of(), Action.DENY);
      var out = Chain.of(Direction.EGRESS, family, List.of(), Action.DENY);
      records.addAll(List.of(in, out));
      var denied = Optional.of(out.id());
      records.add(endpoint(family, 1, Optional.of(in.id()), Optional.empty()));
      records.add(endpoint(family, 2, Optional.empty(), Optional.empty()));
      records.add(endpoint(family, 3, Optional.empty(), denied));
    }
    return RuleSet.of(records);
  }

  private static Endpoint endpoint(
      Family family, int number, Optional<ChainId> ingress, Optional<ChainId> egress) {
    var address = family == Family.V4 ? v4(number) : v6(number);
    return new Endpoint(IpAddress.parse(address), "a/pod" + number, ingress, egress, egress);
  }
}
