package io.portcullis.agent.enforce;

import static io.portcullis.agent.enforce.RoutedPods.received;
import static io.portcullis.agent.enforce.RoutedPods.send;
import static io.portcullis.agent.enforce.RoutedPods.socket;
import static io.portcullis.agent.enforce.RoutedPods.v4;
import static io.portcullis.agent.enforce.RoutedPods.v6;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.agent.enforce.Programmed.Committed;
import io.portcullis.agent.guard.GuardMode;
import io.portcullis.agent.guard.PodGuard;
import io.portcullis.agent.kernel.Generation;
import io.portcullis.agent.kernel.InsideNamespace;
import io.portcullis.agent.kernel.Kernel;
import io.portcullis.agent.kernel.KernelTables;
import io.portcullis.agent.kernel.NftWay;
import io.portcullis.net.Cidr;
import io.portcullis.net.IpAddress;
import io.portcullis.nft.DumpReader;
import io.portcullis.nft.GuardLease;
import io.portcullis.nft.NftRenderer;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.RandomRuleSets;
import io.portcullis.ruleset.RuleSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** C1 with the real kernel and real packets: two routed pods, of which the second may be new. */
class NewPodsTest {
  private static final int PORT = 7000;
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final RuleSet ONE_KNOWN = rules(1);
  private static final RuleSet BOTH_KNOWN = rules(1, 2);

  private final AtomicLong beats = new AtomicLong();
  private RoutedPods pods;

  @BeforeEach
  void makePods() {
    pods = new RoutedPods(2);
  }

  @AfterEach
  void removePods() {
    pods.close();
  }

  private interface Story {
    void tell(Enforcement enforcement, PodGuard guard) throws Exception;
  }

  /** An agent on the node; afterwards nothing of it is left but the table. */
  private void agent(GuardMode mode, Duration openAfter, Story story) throws Exception {
    InsideNamespace.call(
        pods.node().name(),
        () -> {
          try (var nft = NftWay.AUTO.open();
              var generation = Generation.open().orElseThrow()) {
            var guard = new PodGuard(new PodGuard.Setting(mode, openAfter), beats::get);
            var table = new EnforcedTable(new Kernel(nft, Optional.of(generation)));
            if (guard.first() != GuardLease.NONE) {
              table.promise(guard.first());
            }
            var enforcement = new Enforcement(table);
            enforcement.inherited();
            story.tell(enforcement, guard);
          }
          return null;
        });
  }

  private static RuleSet rules(int... known) {
    var records = new ArrayList<NodeRecord>();
    for (var cidr : List.of("10.244.0.0/24", "fd00:244::/64")) {
      records.add(new NodeRecord.PodCidr(Cidr.parse(cidr).range()));
    }
    for (var number : known) {
      for (var ip : List.of(v4(number), v6(number))) {
        records.add(
            new NodeRecord.Endpoint(
                IpAddress.parse(ip), "", Optional.empty(), Optional.empty(), Optional.empty()));
      }
    }
    return RuleSet.of(records);
  }

  private static void enforce(Enforcement enforcement, long number, RuleSet rules) {
    assertThat(enforcement.enforce(EnforcementTest.target(number, rules)))
        .isInstanceOf(Committed.class);
  }

  private void beat(Enforcement enforcement, PodGuard guard) {
    beats.incrementAndGet();
    enforcement.hold(guard);
  }

  private GuardLease inKernel() {
    return DumpReader.read(pods.node().listing(NftRenderer.TABLE)).guard();
  }

  /** What comes through: from the second pod to the first and to the node, and to the second. */
  private List<String> passing() throws Exception {
    var texts = new ArrayList<String>();
    texts.addAll(passing(v4(1), v4(2), RoutedPods.NODE_V4, 4));
    texts.addAll(passing(v6(1), v6(2), RoutedPods.NODE_V6, 6));
    return texts;
  }

  /** Each time from other ports: no answer is taken for that of an earlier connection. */
  private int port = 20_000;

  private List<String> passing(String first, String second, String node, int family)
      throws Exception {
    port += 2;
    try (var atFirst = socket(pods.pod(1), first, PORT);
        var atSecond = socket(pods.pod(2), second, PORT);
        var atNode = socket(pods.node(), node, PORT);
        var fromFirst = socket(pods.pod(1), first, port);
        var fromSecond = socket(pods.pod(2), second, port + 1)) {
      send(fromSecond, first, PORT, "from " + family);
      send(fromSecond, node, PORT, "to node " + family);
      send(fromFirst, second, PORT, "to " + family);
      var texts = new ArrayList<>(received(atFirst));
      texts.addAll(received(atNode));
      texts.addAll(received(atSecond));
      return texts;
    }
  }

  private void isShutOff() throws Exception {
    assertThat(passing()).isEmpty();
  }

  private void isFree() throws Exception {
    assertThat(passing())
        .containsExactlyInAnyOrder("from 4", "to node 4", "to 4", "from 6", "to node 6", "to 6");
  }

  @Test
  void c1_anUnknownAddressIsShutOffFromTheFirstBeatUntilAVersionKnowsIt() throws Exception {
    agent(
        GuardMode.ISOLATE,
        LONG,
        (enforcement, guard) -> {
          enforce(enforcement, 1, ONE_KNOWN);
          enforcement.hold(guard);
          isFree();
          beat(enforcement, guard);
          isShutOff();
          try (var nft = NftWay.PROGRAM.open()) {
            assertThat(new KernelTables(nft).droppedByGuard()).isGreaterThanOrEqualTo(6);
          }
          enforce(enforcement, 2, BOTH_KNOWN);
          isFree();
          enforce(enforcement, 3, ONE_KNOWN);
          isShutOff();
          enforcement.check();
          assertThat(enforcement.repair().drifts().count()).isZero();
        });
  }

  @Test
  void c1_withoutABeatTheKernelOpensThoughNoAgentRuns() throws Exception {
    agent(
        GuardMode.ISOLATE,
        Duration.ofSeconds(6),
        (enforcement, guard) -> {
          enforce(enforcement, 1, ONE_KNOWN);
          beat(enforcement, guard);
          beat(enforcement, guard);
          isShutOff();
        });
    Thread.sleep(Duration.ofSeconds(6)); // the kernel's own time
    assertThat(inKernel()).isEqualTo(GuardLease.NONE);
    isFree();
  }

  @Test
  void c1_replacingTheTableAndAnotherAgentKeepWhatIsLeft() throws Exception {
    agent(
        GuardMode.ISOLATE,
        LONG,
        (enforcement, guard) -> {
          enforce(enforcement, 1, ONE_KNOWN);
          beat(enforcement, guard);
        });
    agent(
        GuardMode.ISOLATE,
        Duration.ofMinutes(9),
        (enforcement, guard) -> {
          beats.set(0); // it has heard nothing yet
          enforcement.hold(guard);
          hasAtMost(LONG);
          var other = new ArrayList<>(RandomRuleSets.next(new Random(5)).records().values());
          other.removeIf(
              item -> item instanceof NodeRecord.Endpoint || item instanceof NodeRecord.PodCidr);
          other.addAll(rules(1).records().values());
          pods.node().load("add chain inet portcullis mine\n");
          enforce(enforcement, 2, RuleSet.of(other));
          hasAtMost(LONG);
          isShutOff();
          pods.node().load(NftRenderer.remove(NftRenderer.TABLE));
          enforcement.check();
          hasAtMost(LONG);
          isShutOff();
        });
  }

  private void hasAtMost(Duration left) {
    assertThat(inKernel())
        .isInstanceOfSatisfying(
            GuardLease.For.class,
            lease ->
                assertThat(lease.left()).isBetween(left.minusSeconds(60), left.plusSeconds(1)));
  }

  @Test
  void c1_strictStandsFromTheFirstTableOnAndOffTakesItAway() throws Exception {
    agent(
        GuardMode.STRICT,
        Duration.ofMillis(1),
        (enforcement, guard) -> {
          enforce(enforcement, 1, ONE_KNOWN);
          assertThat(inKernel()).isEqualTo(GuardLease.EVER);
          isShutOff();
          enforcement.hold(guard);
          assertThat(inKernel()).isEqualTo(GuardLease.EVER);
        });
    agent(
        GuardMode.OFF,
        LONG,
        (enforcement, guard) -> {
          enforcement.hold(guard);
          assertThat(inKernel()).isEqualTo(GuardLease.NONE);
          isFree();
        });
    agent(
        GuardMode.STRICT,
        LONG,
        (enforcement, guard) -> {
          enforcement.hold(guard);
          isShutOff();
        });
  }

  @Test
  void c1_theNodesOwnAddressInItsPodCidrGoesOnWorking() throws Exception {
    agent(GuardMode.STRICT, LONG, (enforcement, _) -> enforce(enforcement, 1, ONE_KNOWN));
    var gateway = "10.244.0.99";
    RoutedPods.ip(pods.node(), "addr add " + gateway + "/32 dev lo");
    try (var atGateway = socket(pods.node(), gateway, PORT);
        var atPod = socket(pods.pod(1), v4(1), PORT)) {
      send(atPod, gateway, PORT, "to the node");
      assertThat(received(atGateway)).containsExactly("to the node");
      send(atGateway, v4(1), PORT, "to the pod");
      send(atGateway, gateway, PORT, "to itself");
      assertThat(received(atPod)).containsExactly("to the pod");
      assertThat(received(atGateway)).containsExactly("to itself");
    }
  }
}
