package io.portcullis.agent.enforce;

import static io.portcullis.Patience.await;
import static io.portcullis.agent.enforce.RoutedPods.ip;
import static io.portcullis.agent.enforce.RoutedPods.link;
import static io.portcullis.agent.enforce.RoutedPods.received;
import static io.portcullis.agent.enforce.RoutedPods.receivedBeforeLast;
import static io.portcullis.agent.enforce.RoutedPods.send;
import static io.portcullis.agent.enforce.RoutedPods.socket;
import static io.portcullis.agent.enforce.RoutedPods.v4;
import static io.portcullis.agent.enforce.RoutedPods.v6;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.agent.enforce.Programmed.Committed;
import io.portcullis.agent.kernel.Generation;
import io.portcullis.agent.kernel.InsideNamespace;
import io.portcullis.agent.kernel.Kernel;
import io.portcullis.agent.kernel.NftWay;
import io.portcullis.agent.netlink.Rtnetlink;
import io.portcullis.net.IpAddress;
import io.portcullis.nft.DumpReader;
import io.portcullis.nft.NftDump;
import io.portcullis.nft.NftRenderer;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.RandomRuleSets;
import io.portcullis.ruleset.RuleSet;
import java.io.IOException;
import java.net.DatagramSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** T14 with the real kernel and real packets: three routed pods, of which the first one lies. */
class SpoofTest {
  private static final int PODS = 3;
  private static final int PORT = 7000;
  private static final int CLIENT = 5000;
  private static final int HONEST = 5001;

  private RoutedPods pods;

  @BeforeEach
  void makePods() {
    pods = new RoutedPods(PODS);
  }

  @AfterEach
  void removePods() {
    pods.close();
  }

  private interface Story {
    void tell(Enforcement enforcement, LinkWatch watch) throws Exception;
  }

  /**
   * What the agent does on the node; when it is told, nothing of the agent is left but the table.
   */
  private void enforcing(Story story) throws Exception {
    InsideNamespace.call(
        pods.node().name(),
        () -> {
          try (var nft = NftWay.AUTO.open();
              var generation = Generation.open().orElseThrow();
              var network = Rtnetlink.open().orElseThrow()) {
            var enforcement =
                new Enforcement(
                    new EnforcedTable(new Kernel(nft, Optional.of(generation), Optional.empty())));
            enforcement.inherited();
            var watch = LinkWatch.on(Optional.of(network), LinkWatch.Local.NOTHING);
            story.tell(enforcement, watch);
          }
          return null;
        });
  }

  private static RuleSet rules(NodeRecord... more) {
    var records = new ArrayList<>(List.of(more));
    IntStream.rangeClosed(1, PODS)
        .forEach(
            number -> {
              records.add(endpoint(v4(number)));
              records.add(endpoint(v6(number)));
            });
    return RuleSet.of(records);
  }

  private static Endpoint endpoint(String ip) {
    return new Endpoint(
        IpAddress.parse(ip), "", Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static void enforce(Enforcement enforcement, long number, RuleSet rules) {
    assertThat(enforcement.enforce(PendingVersions.of(number, rules)))
        .isInstanceOf(Committed.class);
  }

  private NftDump dump() {
    return DumpReader.read(pods.node().listing(NftRenderer.TABLE));
  }

  private void guardAll() throws Exception {
    enforcing(
        (enforcement, watch) -> {
          enforce(enforcement, 1, rules());
          enforcement.hold(watch);
        });
    assertThat(dump().local().links()).containsExactly(link(1), link(2), link(3));
  }

  /** Packets of the first pod to the second one and to the node. */
  private final class Packets implements AutoCloseable {
    private static final int NUMBER = 3;
    private final DatagramSocket from;
    private final DatagramSocket honest;
    private final DatagramSocket atPod;
    private final DatagramSocket atNode;

    Packets(String address) throws Exception {
      var isV6 = address.contains(":");
      from = socket(pods.pod(1), address, CLIENT);
      honest = socket(pods.pod(1), isV6 ? v6(1) : v4(1), HONEST);
      atPod = socket(pods.pod(2), isV6 ? v6(2) : v4(2), PORT);
      atNode = socket(pods.node(), isV6 ? RoutedPods.NODE_V6 : RoutedPods.NODE_V4, PORT);
      for (var i = 0; i < NUMBER; i++) {
        for (var at : List.of(atPod, atNode)) {
          send(from, at.getLocalAddress().getHostAddress(), PORT, address);
        }
      }
    }

    void come() throws IOException {
      assertThat(received(atPod, NUMBER)).hasSize(NUMBER);
      assertThat(received(atNode, NUMBER)).hasSize(NUMBER);
    }

    void areDropped() throws IOException {
      assertThat(receivedBeforeLast(atPod, honest)).isEmpty();
      assertThat(receivedBeforeLast(atNode, honest)).isEmpty();
    }

    @Override
    public void close() {
      List.of(from, honest, atPod, atNode).forEach(DatagramSocket::close);
    }
  }

  private void reachesEverybody(String address) throws Exception {
    try (var packets = new Packets(address)) {
      packets.come();
    }
  }

  private void reachesNobody(String address) throws Exception {
    try (var packets = new Packets(address)) {
      packets.areDropped();
    }
  }

  @Test
  void t14_aForeignAddressReachesNobodyAndTheOwnOnesEverybody() throws Exception {
    for (var address : List.of(v4(3), "203.0.113.9", v6(3), "2001:db8:9::9")) {
      pods.give(1, address);
    }
    reachesEverybody(v4(3)); // nobody guards yet
    reachesEverybody(v6(3));
    guardAll();
    for (var address : List.of(v4(3), "203.0.113.9", v6(3), "2001:db8:9::9")) {
      reachesNobody(address);
    }
    reachesEverybody(v4(1));
    reachesEverybody(v6(1));
  }

  @Test
  void t14_alsoNotWithAddressAndPortOfALiveFlow() throws Exception {
    guardAll();
    pods.give(1, v4(3));
    try (var victim = socket(pods.pod(3), v4(3), CLIENT);
        var server = socket(pods.pod(2), v4(2), PORT);
        var liar = socket(pods.pod(1), v4(3), CLIENT)) {
      send(victim, v4(2), PORT, "own");
      send(server, v4(3), CLIENT, "answer");
      assertThat(received(victim, 1)).containsExactly("answer");
      for (var i = 0; i < 5; i++) {
        send(liar, v4(2), PORT, "lie");
      }
      assertThat(receivedBeforeLast(server, victim)).containsExactly("own");
    }
  }

  @Test
  void neighbourDiscoveryDuplicateDetectionAndLinkLocalTrafficGoOn() throws Exception {
    guardAll();
    ip(pods.pod(1), "neigh flush all");
    ip(pods.node(), "neigh flush all");
    reachesEverybody(v6(1));
    reachesEverybody(v4(1));

    try (var from = socket(pods.pod(1), "::", CLIENT);
        var atNode = socket(pods.node(), "::", PORT)) {
      var index = ip(pods.pod(1), "-o link show eth0").split(":")[0];
      send(from, "fe80::1%" + index, PORT, "link-local");
      assertThat(received(atNode, 1)).containsExactly("link-local");
    }

    ip(pods.pod(1), "addr add fe80::1/64 dev eth0"); // the node has it already, and says so
    await().until(() -> ip(pods.pod(1), "addr show dev eth0").contains("dadfailed"));
  }

  @Test
  void linksThatComeAndGoAreFoundAndReplacingTheTableKeepsThem() throws Exception {
    enforcing(
        (enforcement, watch) -> {
          enforce(enforcement, 1, rules());
          enforcement.hold(watch);
          enforcement.check();
          ip(pods.node(), "link delete " + link(3));
          turnUntil(enforcement, watch, List.of(link(1), link(2)));
          assertThat(enforcement.repair().drifts().count()).isZero();

          var other = RandomRuleSets.next(new Random(5));
          var records = new ArrayList<NodeRecord>(other.records().values());
          enforce(enforcement, 2, rules(records.toArray(NodeRecord[]::new)));
          assertThat(dump().local().links()).containsExactly(link(1), link(2));

          pods.node().load(NftRenderer.remove(NftRenderer.TABLE));
          turnUntil(enforcement, watch, List.of(link(1), link(2)));
          assertThat(enforcement.repair().drifts().count()).isOne();
        });
    // another agent takes over
    enforcing(
        (enforcement, watch) -> {
          enforce(enforcement, 3, RuleSet.of(List.of(endpoint("10.99.0.1"))));
          assertThat(dump().local().links()).containsExactly(link(1), link(2));
          enforcement.hold(watch);
          assertThat(dump().local().links()).as("its pods are others").isEmpty();
        });
  }

  @Test
  void whatOthersDoToTheLinksIsPutRightAndTold() throws Exception {
    enforcing(
        (enforcement, watch) -> {
          enforce(enforcement, 1, rules());
          enforcement.hold(watch);
          enforcement.check();
          for (var change :
              List.of(
                  "flush set inet portcullis pod_links",
                  "add element inet portcullis pod_links { \"eth7\" }")) {
            pods.node().load(change + "\n");
            var before = enforcement.repair().drifts().count();
            await()
                .pollInSameThread()
                .until(
                    () -> {
                      enforcement.check();
                      return dump().local().links().size() == PODS;
                    });
            assertThat(enforcement.repair().drifts().count()).isEqualTo(before + 1);
          }
        });
  }

  @Test
  void anOperatorCanSwitchItOff() throws Exception {
    guardAll();
    enforcing(
        (enforcement, _) ->
            enforcement.hold(LinkWatch.off(Optional.empty(), LinkWatch.Local.NOTHING)));
    assertThat(dump().local().links()).isEmpty();
    pods.give(1, v4(3));
    reachesEverybody(v4(3));
  }

  private void turnUntil(Enforcement enforcement, LinkWatch watch, List<String> links) {
    await()
        .pollInSameThread()
        .ignoreExceptionsInstanceOf(IllegalStateException.class) // as long as the table is away
        .untilAsserted(
            () -> {
              enforcement.hold(watch);
              enforcement.check();
              assertThat(dump().local().links()).containsExactlyElementsOf(links);
            });
  }
}
