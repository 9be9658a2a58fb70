package io.portcullis.agent.connections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcullis.Patience;
import io.portcullis.agent.connections.LiveConnectionsTest.Local;
import io.portcullis.agent.connections.Talk.Speaker;
import io.portcullis.agent.kernel.InsideNamespace;
import io.portcullis.agent.kernel.Kernel;
import io.portcullis.agent.kernel.Nft;
import io.portcullis.agent.kernel.NftWay;
import io.portcullis.agent.kernel.PodNetwork;
import io.portcullis.agent.program.LiveState;
import io.portcullis.agent.program.Plan;
import io.portcullis.agent.program.Tables;
import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.net.IpRange;
import io.portcullis.net.PortRange;
import io.portcullis.net.Protocol;
import io.portcullis.nft.NftRenderer;
import io.portcullis.nft.Stamp;
import io.portcullis.nft.TestNamespace;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.Element;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecord.AddressSet;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.NodeRecord.Member;
import io.portcullis.ruleset.Ports;
import io.portcullis.ruleset.Rule;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;
import io.portcullis.ruleset.SetId;
import io.portcullis.ruleset.SetKind;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** C2 by the kernel alone: nobody looks at connections. */
class RejudgingTest {
  private static final String CLIENT = "10.244.0.5";
  private static final String CLIENT_V6 = "fd00:10:244::5";
  private static final String SERVER = "10.244.0.6";
  private static final String SERVER_V6 = "fd00:10:244::6";
  private static final String SERVICE = "10.96.0.1";
  private static final String NODE = "192.0.2.1";
  private static final int SIBLING = 7000;

  private static TestNamespace node;
  private static PodNetwork network;
  private static TestNamespace client;
  private static TestNamespace server;
  private static Nft nft;
  private static int port = 8000;
  private static long version;

  private RuleSet rules = RuleSet.EMPTY;
  private LiveState live = LiveState.NONE;

  @BeforeAll
  static void makeNetwork() throws Exception {
    node = TestNamespace.make();
    network = new PodNetwork(node);
    client = network.pod(CLIENT, CLIENT_V6);
    server = network.pod(SERVER, SERVER_V6);
    node.run("", "ip", "address", "add", NODE + "/32", "dev", "lo").orThrow();
    node.load(
        "table ip service {\n chain service_dnat {\n"
            + " type nat hook prerouting priority dstnat;\n ip daddr "
            + SERVICE
            + " dnat to "
            + SERVER
            + "\n }\n}\n");
    nft = InsideNamespace.call(node.name(), NftWay.LIBRARY::open);
  }

  @AfterAll
  static void removeNetwork() throws Exception {
    nft.close();
    network.close();
    node.close();
  }

  /** Begins a table that judges nothing again. */
  private void begin(RuleSet first) throws Exception {
    node.load(NftRenderer.remove(NftRenderer.TABLE));
    InsideNamespace.call(
        node.name(),
        () -> {
          new Kernel(nft).carryOut(Plan.toHold(first, stamp(first), Tables.NONE));
          return null;
        });
    rules = first;
    live = LiveState.NONE;
  }

  private void enforce(RuleSet next) throws Exception {
    var plan =
        Plan.toNext(rules, next, RuleSetChange.between(rules, next), stamp(next), live)
            .orElseThrow();
    InsideNamespace.call(
        node.name(),
        () -> {
          new Kernel(nft).carryOut(plan);
          var dump = new Kernel(nft).look().live().orElseThrow();
          assertThat(dump.unexpected()).isEmpty();
          assertThat(dump.digest()).isEqualTo(next.digest());
          return null;
        });
    live = live.after(plan.narrowed(), next);
    rules = next;
  }

  private static Stamp stamp(RuleSet rules) {
    return new Stamp(++version, "A".repeat(22), rules.digest().hex(), 1);
  }

  private interface Talks {
    Talk begin(String client, String server, int port, InetSocketAddress to, Speaker speaker)
        throws Exception;
  }

  /** A connection is cut and goes on, while one of the same endpoints on another port is heard. */
  private void isCutAndGoesOn(Talks talks, String to, RuleSet open, RuleSet closed, Speaker speaker)
      throws Exception {
    begin(open);
    var isV6 = to.contains(":");
    try (var talk = talks.begin(client.name(), server.name(), port, Talk.at(to, port), speaker);
        var sibling =
            Talk.udp(
                client.name(),
                server.name(),
                SIBLING,
                Talk.at(isV6 ? SERVER_V6 : SERVER, SIBLING),
                Speaker.BOTH)) {
      talk.isHeard();
      enforce(closed);
      talk.isSilentWhile(sibling);
      enforce(open);
      talk.isHeard();
      enforce(closed);
      talk.isSilentWhile(sibling);
      assertThat(live.narrowed()).isNotEmpty();
    }
  }

  private void isCutAndGoesOn(Talks talks, String to, Local local, Speaker speaker)
      throws Exception {
    ++port;
    isCutAndGoesOn(talks, to, onPorts(local, Action.ACCEPT), onPorts(local, Action.DENY), speaker);
  }

  /** Returns rules over a port; the sibling's is always open. */
  private static RuleSet onPorts(Local local, Action action) {
    return RuleSet.of(
        chained(
            local,
            List.of(
                new Rule(Optional.empty(), ports(SIBLING), Action.ACCEPT, List.of()),
                new Rule(Optional.empty(), ports(port), action, List.of()))));
  }

  private static Ports ports(int number) {
    return Ports.of(
        List.of(PortRange.of(Protocol.TCP, number), PortRange.of(Protocol.UDP, number)));
  }

  private static List<NodeRecord> chained(Local local, List<Rule> rules) {
    var records = new ArrayList<NodeRecord>();
    for (var family : Family.values()) {
      var in = Chain.of(Direction.INGRESS, family, rules, Action.DENY);
      var next = Chain.of(Direction.EGRESS, family, rules, Action.DENY);
      var out = // egress by a chain that leads to another
          Chain.of(Direction.EGRESS, family, List.of(), new Action.Continue(next.id()));
      records.addAll(List.of(in, next, out));
      if (local != Local.SERVER_ONLY) {
        records.add(endpoint(family, CLIENT, CLIENT_V6, Optional.empty(), Optional.of(out)));
      }
      if (local != Local.CLIENT_ONLY) {
        records.add(endpoint(family, SERVER, SERVER_V6, Optional.of(in), Optional.empty()));
      }
    }
    return records;
  }

  private static Endpoint endpoint(
      Family family, String v4, String v6, Optional<Chain> in, Optional<Chain> out) {
    return new Endpoint(
        IpAddress.parse(family == Family.V4 ? v4 : v6),
        "shop/" + v4,
        in.map(Chain::id),
        out.map(Chain::id),
        Optional.empty());
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
  @EnumSource
  void c2_eitherEndOrBothAreOnThisNode(Local local) throws Exception {
    isCutAndGoesOn(Talk::tcp, SERVER_V6, local, Speaker.BOTH);
    isCutAndGoesOn(Talk::udp, SERVER, local, Speaker.SERVER);
  }

  @ParameterizedTest
  @EnumSource
  void c2_t3_theBackendDecidesWhateverTheServicesAddress(Speaker speaker) throws Exception {
    isCutAndGoesOn(Talk::tcp, SERVICE, Local.BOTH, speaker);
    isCutAndGoesOn(Talk::udp, SERVICE, Local.CLIENT_ONLY, speaker);
    isCutAndGoesOn(Talk::udp, SERVICE, Local.SERVER_ONLY, speaker);
  }

  @ParameterizedTest
  @EnumSource
  void c2_aMemberThatLeavesASetTakesItsConnectionsAlong(SetKind kind) throws Exception {
    ++port;
    isCutAndGoesOn(
        Talk::udp, SERVER_V6, ofMembers(kind, true), ofMembers(kind, false), Speaker.SERVER);
    if (kind != SetKind.NETWORKS) { // whose members change as a whole
      isCutAndGoesOn(
          Talk::tcp, SERVICE, ofMembers(kind, true), ofMembers(kind, false), Speaker.BOTH);
    }
  }

  /** Returns rules that let the client reach what is in a set; networks are another set each. */
  private static RuleSet ofMembers(SetKind kind, boolean isIn) {
    var records = new ArrayList<NodeRecord>();
    for (var family : Family.values()) {
      var ip = IpAddress.parse(family == Family.V4 ? SERVER : SERVER_V6);
      var set = SetId.of(kind, family, kind == SetKind.NETWORKS ? "servers " + isIn : "servers");
      var element =
          switch (kind) {
            case HOSTS -> new Element.Host(ip);
            case NETWORKS -> new Element.Network(new IpRange(ip, ip));
            case HOST_PORTS -> new Element.HostPort(ip, Protocol.UDP, port);
          };
      records.add(new AddressSet(set, ""));
      if (isIn) {
        records.add(new Member(set, element));
        if (kind == SetKind.HOST_PORTS) {
          records.add(new Member(set, new Element.HostPort(ip, Protocol.TCP, port)));
        }
      }
      var chain =
          Chain.of(
              Direction.EGRESS,
              family,
              List.of(
                  new Rule(Optional.empty(), ports(SIBLING), Action.ACCEPT, List.of()),
                  new Rule(Optional.of(set), Ports.ANY, Action.ACCEPT, List.of())),
              Action.DENY);
      records.add(chain);
      records.add(endpoint(family, CLIENT, CLIENT_V6, Optional.empty(), Optional.of(chain)));
    }
    return RuleSet.of(records);
  }

  @Test
  void c2_t5_whatAPodSendsToItsNodeIsJudgedByItsOwnChain() throws Exception {
    var number = ++port;
    begin(toOwnNode(Action.ACCEPT));
    try (var talk =
            Talk.udp(client.name(), node.name(), number, Talk.at(NODE, number), Speaker.CLIENT);
        var sibling =
            Talk.udp(client.name(), node.name(), SIBLING, Talk.at(NODE, SIBLING), Speaker.CLIENT);
        var ofNode =
            Talk.udp(
                node.name(), client.name(), SIBLING, Talk.at(CLIENT, SIBLING), Speaker.SERVER)) {
      talk.isHeard();
      enforce(toOwnNode(Action.DENY));
      talk.isSilentWhile(sibling);
      ofNode.isHeard(); // what the pod answers its node
      enforce(toOwnNode(Action.ACCEPT));
      talk.isHeard();
    }
  }

  private static RuleSet toOwnNode(Action action) {
    var chain =
        Chain.of(
            Direction.EGRESS,
            Family.V4,
            List.of(
                new Rule(Optional.empty(), ports(SIBLING), Action.ACCEPT, List.of()),
                new Rule(Optional.empty(), ports(port), action, List.of())),
            Action.DENY);
    return RuleSet.of(
        List.of(
            chain,
            new Endpoint(
                IpAddress.parse(CLIENT),
                "shop/client",
                Optional.empty(),
                Optional.empty(),
                Optional.of(chain.id()))));
  }

  @Test
  void c2_t2_anErrorFollowsItsConnectionThoughItHasAnotherProtocol() throws Exception {
    var number = ++port;
    begin(onPorts(Local.BOTH, Action.ACCEPT));
    var answering = InsideNamespace.call(server.name(), () -> new DatagramSocket(number));
    try (var asking = InsideNamespace.call(client.name(), () -> new DatagramSocket(0))) {
      asking.setSoTimeout((int) Patience.LIMIT.toMillis());
      asking.connect(Talk.at(SERVER, number));
      asking.send(new DatagramPacket(new byte[1], 1));
      answering.receive(new DatagramPacket(new byte[1], 1));
      var onlyThis = List.of(new Rule(Optional.empty(), ports(number), Action.ACCEPT, List.of()));
      enforce(RuleSet.of(chained(Local.BOTH, onlyThis)));
      assertThat(live.narrowed()).hasSize(4);
      answering.close();
      asking.send(new DatagramPacket(new byte[1], 1));
      assertThatThrownBy(() -> asking.receive(new DatagramPacket(new byte[1], 1)))
          .isInstanceOf(PortUnreachableException.class);
    }
  }
}
