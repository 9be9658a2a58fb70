package io.portcullis.agent.enforce;

import static io.portcullis.agent.enforce.GuardedRules.POD_CIDRS;
import static io.portcullis.agent.enforce.GuardedRules.enforce;
import static io.portcullis.agent.enforce.GuardedRules.rules;
import static io.portcullis.agent.enforce.RoutedPods.received;
import static io.portcullis.agent.enforce.RoutedPods.receivedBeforeLast;
import static io.portcullis.agent.enforce.RoutedPods.send;
import static io.portcullis.agent.enforce.RoutedPods.socket;
import static io.portcullis.agent.enforce.RoutedPods.v4;
import static io.portcullis.agent.enforce.RoutedPods.v6;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.Patience;
import io.portcullis.agent.guard.GuardMode;
import io.portcullis.agent.guard.PodGuard;
import io.portcullis.agent.kernel.Generation;
import io.portcullis.agent.kernel.InsideNamespace;
import io.portcullis.agent.kernel.Kernel;
import io.portcullis.agent.kernel.KernelTables;
import io.portcullis.agent.kernel.NftWay;
import io.portcullis.nft.DumpReader;
import io.portcullis.nft.GuardLease;
import io.portcullis.nft.NftRenderer;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.RandomRuleSets;
import io.portcullis.ruleset.RuleSet;
import java.net.DatagramSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** C1 with the real kernel and real packets: two routed pods, of which the second may be new. */
class NewPodsTest {
  private static final Logger LOG = LoggerFactory.getLogger(NewPodsTest.class);
  private static final int PORT = 7000;
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final RuleSet ONE_KNOWN = rules(POD_CIDRS, 1);
  private static final RuleSet BOTH_KNOWN = rules(POD_CIDRS, 1, 2);

  private final AtomicLong beats = new AtomicLong();
  private long version;
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
            var setting = new PodGuard.Setting(mode, openAfter);
            var guard = new PodGuard(setting, beats::get);
            var table =
                new EnforcedTable(new Kernel(nft, Optional.of(generation), Optional.empty()));
            table.promise(setting.first());
            var enforcement = new Enforcement(table);
            enforcement.inherited();
            story.tell(enforcement, guard);
          }
          return null;
        });
  }

  private void beat(Enforcement enforcement, PodGuard guard) {
    beats.incrementAndGet();
    enforcement.hold(guard);
  }

  private GuardLease inKernel() {
    return DumpReader.read(pods.node().listing(NftRenderer.TABLE)).guard();
  }

  /** Of either family: from the second pod to the first and to the node, and to the second. */
  private interface Probe {
    void run(Sockets sockets) throws Exception;
  }

  /** One socket a namespace that receives, and one a pod that sends. */
  private record Sockets(
      int family,
      DatagramSocket atFirst,
      DatagramSocket atSecond,
      DatagramSocket atNode,
      DatagramSocket fromFirst,
      DatagramSocket fromSecond,
      DatagramSocket free)
      implements AutoCloseable {

    void send() throws Exception {
      RoutedPods.send(fromSecond, address(atFirst), PORT, "from " + family);
      RoutedPods.send(fromSecond, address(atNode), PORT, "to node " + family);
      RoutedPods.send(fromFirst, address(atSecond), PORT, "to " + family);
    }

    private static String address(DatagramSocket socket) {
      return socket.getLocalAddress().getHostAddress();
    }

    @Override
    public void close() {
      List.of(atFirst, atSecond, atNode, fromFirst, fromSecond, free)
          .forEach(DatagramSocket::close);
    }
  }

  /** Each time from other ports: no answer is taken for that of an earlier connection. */
  private int port = 20_000;

  private void probe(Probe probe) throws Exception {
    probe(4, List.of(v4(1), v4(2), RoutedPods.NODE_V4), probe);
    probe(6, List.of(v6(1), v6(2), RoutedPods.NODE_V6), probe);
  }

  private void probe(int family, List<String> addresses, Probe probe) throws Exception {
    port += 3;
    var first = addresses.get(0);
    var second = addresses.get(1);
    var node = addresses.get(2);
    try (var sockets =
        new Sockets(
            family,
            socket(pods.pod(1), first, PORT),
            socket(pods.pod(2), second, PORT),
            socket(pods.node(), node, PORT),
            socket(pods.pod(1), first, port),
            socket(pods.pod(2), second, port + 1),
            socket(pods.node(), node, port + 2))) {
      probe.run(sockets);
    }
  }

  private void isShutOff() throws Exception {
    probe(
        sockets -> {
          for (var i = 0; i < 2; i++) { // the second time all neighbours are known
            sockets.send();
          }
          assertThat(receivedBeforeLast(sockets.atFirst(), sockets.free())).isEmpty();
          assertThat(receivedBeforeLast(sockets.atNode(), sockets.fromFirst())).isEmpty();
          assertThat(receivedBeforeLast(sockets.atSecond(), sockets.free())).isEmpty();
        });
  }

  private void isFree() throws Exception {
    probe(
        sockets -> {
          sockets.send();
          var family = sockets.family();
          assertThat(received(sockets.atFirst(), 1)).containsExactly("from " + family);
          assertThat(received(sockets.atNode(), 1)).containsExactly("to node " + family);
          assertThat(received(sockets.atSecond(), 1)).containsExactly("to " + family);
        });
  }

  @Test
  void c1_anUnknownAddressIsShutOffFromTheFirstTableUntilAVersionKnowsIt() throws Exception {
    agent(
        GuardMode.ISOLATE,
        LONG,
        (enforcement, guard) -> {
          enforce(enforcement, 1, ONE_KNOWN);
          isShutOff();
          enforcement.hold(guard);
          hasAtMost(LONG);
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
    // a slow machine needs a longer lease, so that it stands until all was probed
    for (var lease = Duration.ofSeconds(3); !isShutOffWhile(lease); lease = lease.multipliedBy(2)) {
      LOG.info("the lease of {} ended before all was probed", lease);
    }
    Patience.await().until(this::inKernel, GuardLease.NONE::equals); // the kernel's own time
    isFree();
  }

  private boolean isShutOffWhile(Duration lease) throws Exception {
    agent(
        GuardMode.ISOLATE,
        lease,
        (enforcement, guard) -> {
          enforce(enforcement, ++version, ONE_KNOWN);
          beat(enforcement, guard);
          beat(enforcement, guard);
        });
    try {
      isShutOff();
      return true;
    } catch (AssertionError e) {
      if (inKernel() instanceof GuardLease.None) {
        return false;
      }
      throw e;
    }
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
          other.addAll(rules(POD_CIDRS, 1).records().values());
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
      assertThat(received(atGateway, 1)).containsExactly("to the node");
      send(atGateway, v4(1), PORT, "to the pod");
      send(atGateway, gateway, PORT, "to itself");
      assertThat(received(atPod, 1)).containsExactly("to the pod");
      assertThat(received(atGateway, 1)).containsExactly("to itself");
    }
  }
}
