package io.portcullis.agent.connections;

import static io.portcullis.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.agent.connections.Talk.Speaker;
import io.portcullis.agent.kernel.InsideNamespace;
import io.portcullis.agent.kernel.NodeAddresses;
import io.portcullis.agent.kernel.PodNetwork;
import io.portcullis.agent.netlink.Conntrack;
import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.net.PortRange;
import io.portcullis.net.Protocol;
import io.portcullis.nft.CutMark;
import io.portcullis.nft.Edit;
import io.portcullis.nft.EditRenderer;
import io.portcullis.nft.NftRenderer;
import io.portcullis.nft.TestNamespace;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.Ports;
import io.portcullis.ruleset.Rule;
import io.portcullis.ruleset.RuleSet;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** C2 and C3 with real packets, in namespaces of the test's own. */
class LiveConnectionsTest {
  /** Not the one where nothing is set. */
  private static final CutMark MARK = new CutMark(0x40);

  private static final LookPace OFTEN =
      new LookPace(Duration.ofMillis(300), Duration.ofMillis(100), Duration.ofMillis(100), 1);

  private static final String CLIENT = "10.244.0.5";
  private static final String CLIENT_V6 = "fd00:10:244::5";
  private static final String SERVER = "10.244.0.6";
  private static final String SERVER_V6 = "fd00:10:244::6";
  private static final String SERVICE = "10.96.0.1";

  private static TestNamespace node;
  private static PodNetwork network;
  private static TestNamespace client;
  private static TestNamespace server;
  private static LiveConnections connections;

  /** Speaks within one namespace, whatever the node enforces. */
  private static Talk witness;

  private static int port = 8000;

  /** Which ends are local pods of this node. */
  enum Local {
    CLIENT_ONLY,
    SERVER_ONLY,
    BOTH
  }

  @BeforeAll
  static void makeNetwork() throws Exception {
    node = TestNamespace.make();
    network = new PodNetwork(node);
    client = network.pod(CLIENT, CLIENT_V6);
    server = network.pod(SERVER, SERVER_V6);
    node.load(
        "table ip service {\n chain service_dnat {\n"
            + " type nat hook prerouting priority dstnat;\n ip daddr "
            + SERVICE
            + " dnat to "
            + SERVER
            + "\n }\n}\n");
    connections =
        InsideNamespace.call(
            node.name(),
            () -> new LiveConnections(Conntrack.open(MARK), NodeAddresses::now, OFTEN));
    witness =
        Talk.udp(client.name(), client.name(), port, Talk.at("127.0.0.1", port), Speaker.CLIENT);
  }

  @AfterAll
  static void removeNetwork() throws Exception {
    witness.close();
    connections.close();
    network.close();
    node.close();
  }

  static RuleSet rules(Local local, Action action, int port) {
    var records = new ArrayList<NodeRecord>();
    for (var family : Family.values()) {
      var rule =
          new Rule(
              Optional.empty(),
              Ports.of(List.of(PortRange.of(Protocol.TCP, port), PortRange.of(Protocol.UDP, port))),
              action,
              List.of());
      var in = Chain.of(Direction.INGRESS, family, List.of(rule), Action.DENY);
      var out = Chain.of(Direction.EGRESS, family, List.of(rule), Action.DENY);
      records.addAll(List.of(in, out));
      if (local != Local.SERVER_ONLY) {
        var ip = IpAddress.parse(family == Family.V4 ? CLIENT : CLIENT_V6);
        records.add(
            new Endpoint(
                ip, "shop/client", Optional.empty(), Optional.of(out.id()), Optional.empty()));
      }
      if (local != Local.CLIENT_ONLY) {
        var ip = IpAddress.parse(family == Family.V4 ? SERVER : SERVER_V6);
        records.add(
            new Endpoint(
                ip, "shop/server", Optional.of(in.id()), Optional.empty(), Optional.empty()));
      }
    }
    return RuleSet.of(records);
  }

  private static void enforce(RuleSet before, RuleSet rules) {
    node.load(
        NftRenderer.replace(rules, NftRenderer.TABLE)
            + EditRenderer.text(NftRenderer.TABLE, List.of(new Edit.SetCutMark(MARK))));
    connections.enforced(before, rules, ends(rules));
  }

  private static Set<IpAddress> ends(RuleSet rules) {
    return rules.endpoints().stream().map(Endpoint::ip).collect(Collectors.toSet());
  }

  private interface Talks {
    Talk begin(String client, String server, int port, InetSocketAddress to, Speaker speaker)
        throws Exception;
  }

  private static void isCutAndGoesOn(Talks talks, String to, Local local, Speaker speaker)
      throws Exception {
    var number = ++port;
    var open = rules(local, Action.ACCEPT, number);
    var closed = rules(local, Action.DENY, number);
    enforce(RuleSet.EMPTY, open);
    try (var talk =
        talks.begin(client.name(), server.name(), number, Talk.at(to, number), speaker)) {
      talk.isHeard();
      enforce(open, closed);
      talk.isSilentWhile(witness);
      enforce(closed, open);
      talk.isHeard();
    }
  }

  @ParameterizedTest
  @EnumSource
  void c2_aForbiddenConnectionOfTcpIsSilentWhoeverSpeaks(Speaker speaker) throws Exception {
    isCutAndGoesOn(Talk::tcp, SERVER, Local.BOTH, speaker);
  }

  @ParameterizedTest
  @EnumSource
  void c2_aForbiddenConnectionOfUdpIsSilentWhoeverSpeaks(Speaker speaker) throws Exception {
    isCutAndGoesOn(Talk::udp, SERVER_V6, Local.BOTH, speaker);
  }

  @ParameterizedTest
  @EnumSource(names = {"CLIENT_ONLY", "SERVER_ONLY"})
  void c2_oneEndIsOnAnotherNode(Local local) throws Exception {
    isCutAndGoesOn(Talk::tcp, SERVER_V6, local, Speaker.BOTH);
    isCutAndGoesOn(Talk::udp, SERVER, local, Speaker.BOTH);
  }

  @Test
  void c2_t3_theBackendDecidesWhateverTheServicesAddress() throws Exception {
    isCutAndGoesOn(Talk::tcp, SERVICE, Local.BOTH, Speaker.BOTH);
    isCutAndGoesOn(Talk::udp, SERVICE, Local.CLIENT_ONLY, Speaker.SERVER);
  }

  @Test
  void c2_t2_whatAForbiddenConnectionBroughtAboutIsSilentWithIt() throws Exception {
    var number = ++port;
    var open = rules(Local.BOTH, Action.ACCEPT, number);
    var closed = rules(Local.BOTH, Action.DENY, number);
    enforce(RuleSet.EMPTY, open);
    node.load(
        """
        table ip transfers {
          ct helper transfers {
            type "tftp" protocol udp;
          }
          chain prerouting {
            type filter hook prerouting priority -150;
            udp dport %d ct helper set "transfers"
          }
        }
        """
            .formatted(number));
    try (var talk = Talk.transfer(client.name(), server.name(), number, Talk.at(SERVER, number))) {
      talk.isHeard();
      enforce(open, closed);
      talk.isSilentWhile(witness);
      enforce(closed, open);
      talk.isHeard();
    } finally {
      node.load("delete table ip transfers\n");
    }
  }

  @Test
  void c2_whatStaysAllowedLosesNothing() throws Exception {
    var number = ++port;
    var open = rules(Local.BOTH, Action.ACCEPT, number);
    enforce(RuleSet.EMPTY, open);
    try (var talk =
        Talk.udp(client.name(), server.name(), number, Talk.at(SERVER, number), Speaker.CLIENT)) {
      talk.isHeard();
      for (var i = 0; i < 50; i++) {
        connections.enforced(open, open, ends(open));
        talk.isHeard();
        assertThat(isCut(number)).isFalse();
      }
      assertThat(connections.trouble()).isEmpty();
    }
  }

  private static boolean isCut(int port) throws Exception {
    var isCut = new AtomicBoolean();
    InsideNamespace.call(
        node.name(),
        () -> {
          try (var table = Conntrack.open(MARK)) {
            table.forEach(
                (_, _, _) -> true,
                connection -> {
                  var isOfPort =
                      connection.flow().port().filter(p -> p.number() == port).isPresent();
                  isCut.compareAndSet(false, isOfPort && connection.cut());
                });
          }
          return null;
        });
    return isCut.get();
  }

  @Test
  void c3_anAddressThatMovesToAnotherPodCarriesNoConnectionOver() throws Exception {
    var number = ++port;
    var open = rules(Local.BOTH, Action.ACCEPT, number);
    var moved =
        RuleSet.of(open.records().values().stream().map(LiveConnectionsTest::moved).toList());
    enforce(RuleSet.EMPTY, open);
    try (var talk =
        Talk.udp(client.name(), server.name(), number, Talk.at(SERVER, number), Speaker.CLIENT)) {
      talk.isHeard();
      var forgotten = connections.counts().forgotten();
      enforce(open, moved);
      await()
          .untilAsserted(
              () -> assertThat(connections.counts().forgotten()).isGreaterThan(forgotten));
    }
  }

  private static NodeRecord moved(NodeRecord item) {
    return item instanceof Endpoint endpoint
        ? new Endpoint(
            endpoint.ip(),
            "shop/other",
            endpoint.ingress(),
            endpoint.egress(),
            endpoint.toOwnNode())
        : item;
  }
}
