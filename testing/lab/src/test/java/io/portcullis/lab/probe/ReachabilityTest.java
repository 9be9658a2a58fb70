package io.portcullis.lab.probe;

import static io.portcullis.lab.network.TestNetwork.in;
import static io.portcullis.lab.network.TestNetwork.node;
import static io.portcullis.lab.network.TestNetwork.pod;
import static io.portcullis.lab.network.TestNetwork.reaches;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.PortSpec;
import io.portcullis.cluster.Tier;
import io.portcullis.cluster.TieredRule;
import io.portcullis.lab.network.LabNetwork;
import io.portcullis.lab.network.Names;
import io.portcullis.lab.network.Topology;
import io.portcullis.net.Cidr;
import io.portcullis.net.PortRange;
import io.portcullis.net.Protocol;
import io.portcullis.nft.NftRenderer;
import io.portcullis.policy.explain.Explainer;
import io.portcullis.policy.rules.RuleSetCompiler;
import io.portcullis.policy.state.Cluster;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests real packets through real rules, without the services. */
class ReachabilityTest {
  private static final Topology TOPOLOGY =
      Topology.of(
          List.of(
              node("node-1", "172.18.0.11", "fd00:172:18::11"),
              node("node-2", "172.18.0.12", "fd00:172:18::12")),
          List.of(
              pod("shop/web", "node-1", "10.244.1.5", "fd00:10:244:1::5"),
              pod("shop/db", "node-2", "10.244.2.6", "fd00:10:244:2::6"),
              pod("dev/tool", "node-2", "10.244.2.7")),
          Topology.OUTSIDE);
  private static final Set<Integer> PORTS = Set.of(6379, 7777);

  private final Names names = Names.random();
  private final LabNetwork network = new LabNetwork(names);
  private final List<ClusterObject> objects = new ArrayList<>();

  @BeforeEach
  void build() {
    network.open();
    network.become(TOPOLOGY);
    TOPOLOGY.pods().values().forEach(pod -> objects.add(object(pod)));
  }

  @AfterEach
  void close() {
    network.close();
  }

  @Test
  void withoutPoliciesAllReachAll() throws Exception {
    var seen = probe(Prober.Servers.LAB);
    assertThat(seen.mismatches()).isEmpty();
    assertThat(seen.seen().values()).hasSize(112).containsOnly(new Outcome.Answered());
  }

  @Test
  void whatTheRulesDropIsSilentAndAllElseAnswers() throws Exception {
    objects.add(onlyWebAndOutsideAOnRedis());
    load();
    var seen = probe(Prober.Servers.LAB);
    assertThat(seen.mismatches()).isEmpty();
    assertThat(seen.seen().values())
        .containsOnly(new Outcome.Answered(), new Outcome.Silent())
        .contains(new Outcome.Silent());
    assertThat(to(seen.seen(), "shop/db", "tcp/6379"))
        .containsExactlyInAnyOrder("shop/web", "shop/web", "outside-a");
    assertThat(to(seen.seen(), "shop/db", "udp/6379")).isEmpty();
  }

  @Test
  void withoutServersARefusalTellsThatThePacketGotThere() throws Exception {
    objects.add(onlyWebAndOutsideAOnRedis());
    load();
    var seen = probe(Prober.Servers.NONE);
    assertThat(seen.mismatches()).isEmpty();
    assertThat(seen.seen().values()).containsOnly(new Outcome.Refused(), new Outcome.Silent());
  }

  @Test
  void t2_repliesFollowTheConnectionThatWasAllowed() throws Exception {
    objects.add(isolated("web", Set.of(Direction.INGRESS), List.of()));
    load();
    var seen = probe(Prober.Servers.LAB);
    assertThat(seen.mismatches()).isEmpty();
    assertThat(to(seen.seen(), "shop/db", "tcp/6379")).contains("shop/web");
    assertThat(to(seen.seen(), "shop/web", "tcp/6379")).isEmpty();
  }

  @Test
  void t3_aServiceIsMatchedAsTheBackendBehindItAndNeverByItsOwnAddress() throws Exception {
    in(
        names.node("node-1"),
        "",
        "nft",
        "add table ip service; add chain ip service pre"
            + " { type nat hook prerouting priority dstnat; };"
            + " add rule ip service pre ip daddr 10.96.0.10 dnat to 10.244.2.6");
    Peer service = new Peer.Block(Cidr.parse("10.96.0.0/12"), List.of());
    objects.add(isolated("web", Set.of(Direction.EGRESS), List.of(service)));
    load();
    assertThat(reaches(names.pod("shop/web"), "10.96.0.10")).isFalse();
    objects.removeLast();
    Peer backend = new Peer.Block(Cidr.parse("10.244.2.6/32"), List.of());
    objects.add(isolated("web", Set.of(Direction.EGRESS), List.of(backend)));
    load();
    assertThat(reaches(names.pod("shop/web"), "10.96.0.10")).isTrue();
  }

  @Test
  void t4_a12_whatAServiceSendsBackIsRestrictedByAdminRulesAndNotByNetworkPolicies()
      throws Exception {
    in(
        names.node("node-1"),
        "",
        "nft",
        "add table ip service; add chain ip service pre"
            + " { type nat hook prerouting priority dstnat; };"
            + " add rule ip service pre ip daddr 10.96.0.10 dnat to 10.244.1.5;"
            + " add chain ip service post { type nat hook postrouting priority srcnat; };"
            + " add rule ip service post ip saddr 10.244.1.5 ip daddr 10.244.1.5 masquerade");
    var both = Set.of(Direction.INGRESS, Direction.EGRESS);
    objects.add(isolated("web", both, List.of()));
    load();
    assertThat(reaches(names.pod("shop/web"), "10.96.0.10")).isTrue();
    var everything = new PolicyRule(Optional.empty(), Optional.empty());
    var deny = List.of(new TieredRule("", TieredRule.Action.DENY, everything));
    for (var direction : both) {
      objects.add(
          new ClusterObject.TieredPolicy(
              new ObjectKey("policy.networking.k8s.io", "ClusterNetworkPolicy", "", "nobody"),
              new Origin("test.yaml", "", 0, 0),
              Tier.ADMIN,
              0,
              new Peer.Pods(
                  Optional.of(LabelSelector.EVERYTHING), Optional.of(LabelSelector.EVERYTHING)),
              direction == Direction.INGRESS ? deny : List.of(),
              direction == Direction.EGRESS ? deny : List.of()));
      load();
      assertThat(reaches(names.pod("shop/web"), "10.96.0.10")).as("%s", direction).isFalse();
      assertThat(reaches(names.pod("shop/web"), "10.244.1.5")).as("T4").isTrue();
      objects.removeLast();
    }
  }

  private static ClusterObject isolated(String app, Set<Direction> types, List<Peer> to) {
    return new ClusterObject.NetworkPolicy(
        new ObjectKey("networking.k8s.io", "NetworkPolicy", "shop", "isolated"),
        new Origin("test.yaml", "", 0, 0),
        LabelSelector.labels(Map.of("app", app)),
        types,
        List.of(),
        List.of(new PolicyRule(Optional.of(to), Optional.empty())));
  }

  @Test
  void rulesThatAreNotThereAreMismatches() throws Exception {
    objects.add(onlyWebAndOutsideAOnRedis());
    load();
    in(names.node("node-2"), "", "nft", "delete", "table", "inet", NftRenderer.TABLE);
    var mismatches = probe(Prober.Servers.LAB).mismatches();
    assertThat(mismatches).isNotEmpty().allMatch(m -> m.seen().equals(new Outcome.Answered()));
    assertThat(mismatches.stream().map(Reachability.Mismatch::text))
        .anyMatch(
            line ->
                line.contains("dev/tool (10.244.2.7) -> shop/db (10.244.2.6) tcp/6379 IPv4:")
                    && line.contains("expected denied")
                    && line.contains("no rule matches of NetworkPolicy/shop/redis")
                    && line.endsWith("seen: answered"));
  }

  @Test
  void anErrorIsReportedAsWhatItIs() throws Exception {
    in(names.pod("dev/tool"), "", "ip", "route", "delete", "default");
    in(
        names.pod("shop/web"),
        "",
        "nft",
        "add table inet x; add chain inet x out"
            + " { type filter hook output priority 0; }; add rule inet x out tcp dport 6379 drop");
    var mismatches = probe(Prober.Servers.LAB).mismatches();
    assertThat(mismatches)
        .anyMatch(
            m ->
                m.probe().from().name().equals("dev/tool")
                    && m.seen().equals(new Outcome.Failed("Network is unreachable")));
  }

  @Test
  void aProgramThatHasThePortAnswersByItself() throws Exception {
    var listening =
        io.portcullis.lab.network.NamespaceThreads.call(
            "test",
            () -> {
              io.portcullis.lab.network.NamespaceThreads.enter(names.pod("shop/db"));
              return new ServerSocket(6379, 50, InetAddress.getByName("10.244.2.6"));
            });
    try (listening) {
      var seen = probe(Prober.Servers.LAB);
      assertThat(seen.mismatches()).isEmpty();
    }
  }

  private Reachability probe(Prober.Servers servers) throws InterruptedException {
    return Reachability.probe(
        sites(),
        PORTS,
        new Explainer(new Cluster(objects), Set.of()),
        servers,
        ProbeTiming.DEFAULT);
  }

  private Collection<Site> sites() {
    var sites = new ArrayList<Site>();
    TOPOLOGY
        .pods()
        .values()
        .forEach(pod -> sites.add(Site.pod(pod.name(), names.pod(pod.name()), pod.addresses())));
    TOPOLOGY
        .outside()
        .values()
        .forEach(
            host ->
                sites.add(Site.outside(host.name(), names.outside(host.name()), host.addresses())));
    return sites;
  }

  private void load() throws Exception {
    var rules = new RuleSetCompiler(new Cluster(objects), Set.of());
    for (var node : TOPOLOGY.nodes().keySet()) {
      in(
          names.node(node),
          NftRenderer.replace(rules.compile(node), NftRenderer.TABLE),
          "nft",
          "-f",
          "-");
    }
  }

  private static List<String> to(Map<Probe, Outcome> seen, String pod, String port) {
    return seen.entrySet().stream()
        .filter(entry -> entry.getValue().reached())
        .map(Map.Entry::getKey)
        .filter(probe -> probe.to().name().equals(pod) && probe.portText().equals(port))
        .map(probe -> probe.from().name())
        .toList();
  }

  private static ClusterObject object(Topology.Pod pod) {
    var slash = pod.name().indexOf('/');
    var name = pod.name().substring(slash + 1);
    return new ClusterObject.Pod(
        ObjectKey.pod(pod.name().substring(0, slash), name),
        new Origin("test.yaml", "", 0, 0),
        Map.of("app", name),
        pod.node(),
        pod.addresses(),
        false,
        false,
        0,
        List.of());
  }

  private static ClusterObject onlyWebAndOutsideAOnRedis() {
    Peer web =
        new Peer.Pods(Optional.empty(), Optional.of(LabelSelector.labels(Map.of("app", "web"))));
    Peer outside = new Peer.Block(Cidr.parse("203.0.113.0/24"), List.of());
    List<PortSpec> redis = List.of(new PortSpec.Numbered(PortRange.of(Protocol.TCP, 6379)));
    return new ClusterObject.NetworkPolicy(
        new ObjectKey("networking.k8s.io", "NetworkPolicy", "shop", "redis"),
        new Origin("test.yaml", "", 0, 0),
        LabelSelector.labels(Map.of("app", "db")),
        Set.of(Direction.INGRESS),
        List.of(new PolicyRule(Optional.of(List.of(web, outside)), Optional.of(redis))),
        List.of());
  }
}
