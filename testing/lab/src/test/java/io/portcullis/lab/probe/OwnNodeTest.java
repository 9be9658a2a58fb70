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
import io.portcullis.net.IpAddress;
import io.portcullis.net.PortRange;
import io.portcullis.net.Protocol;
import io.portcullis.nft.NftRenderer;
import io.portcullis.policy.rules.RuleSetCompiler;
import io.portcullis.policy.state.Cluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests traffic from a pod to its own node, with real packets. */
class OwnNodeTest {
  private static final Origin ORIGIN = new Origin("test.yaml", "", 0, 0);
  private static final PolicyRule EVERYONE = new PolicyRule(Optional.empty(), Optional.empty());
  private static final PolicyRule ON_PORT_9 = on(PortRange.of(Protocol.TCP, 9));

  private final Names names = Names.random();
  private final LabNetwork network = new LabNetwork(names);

  @BeforeEach
  void build() {
    network.open();
    network.become(
        Topology.of(
            List.of(node("node-1", "172.18.0.11", "fd00:172:18::11")),
            List.of(pod("shop/web", "node-1", "10.244.1.5", "fd00:10:244:1::5")),
            List.of()));
  }

  @AfterEach
  void close() {
    network.close();
  }

  @Test
  void t5_networkPoliciesDoNotRestrictIt() throws Exception {
    load(
        new ClusterObject.NetworkPolicy(
            new ObjectKey("networking.k8s.io", "NetworkPolicy", "shop", "nothing"),
            ORIGIN,
            LabelSelector.EVERYTHING,
            Set.of(Direction.EGRESS),
            List.of(),
            List.of()));
    assertThat(reaches(names.pod("shop/web"), "172.18.0.11")).isTrue();
    assertThat(reaches(names.pod("shop/web"), "fd00:172:18::11")).isTrue();
  }

  @Test
  void t5_adminAndBaselineDoRestrictIt() throws Exception {
    for (var tier : Tier.values()) {
      load(policy(tier, new TieredRule("", TieredRule.Action.DENY, ON_PORT_9)));
      assertThat(reaches(names.pod("shop/web"), "172.18.0.11")).as("%s", tier).isFalse();
      assertThat(reaches(names.pod("shop/web"), "fd00:172:18::11")).as("%s", tier).isFalse();
      assertThat(reaches(names.node("node-1"), "10.244.1.5")).as("from the node").isTrue();
    }
  }

  @Test
  void t5_neighboursAreDiscoveredUnderAPolicyThatDeniesAllElse() throws Exception {
    load(
        policy(
            Tier.ADMIN,
            new TieredRule("", TieredRule.Action.ACCEPT, ON_PORT_9),
            new TieredRule("", TieredRule.Action.DENY, EVERYONE)));
    for (var namespace : List.of(names.pod("shop/web"), names.node("node-1"))) {
      in(namespace, "", "ip", "-6", "neigh", "flush", "all");
    }
    assertThat(reaches(names.pod("shop/web"), "fd00:172:18::11")).isTrue();
  }

  private void load(ClusterObject policy) throws Exception {
    var objects = new ArrayList<ClusterObject>();
    objects.add(
        new ClusterObject.Pod(
            ObjectKey.pod("shop", "web"),
            ORIGIN,
            Map.of(),
            "node-1",
            List.of(IpAddress.parse("10.244.1.5"), IpAddress.parse("fd00:10:244:1::5")),
            false,
            false,
            0,
            List.of()));
    objects.add(policy);
    var rules = new RuleSetCompiler(new Cluster(objects), Set.of()).compile("node-1");
    in(names.node("node-1"), NftRenderer.replace(rules, NftRenderer.TABLE), "nft", "-f", "-");
  }

  private static ClusterObject policy(Tier tier, TieredRule... egress) {
    var all = Optional.of(LabelSelector.EVERYTHING);
    return new ClusterObject.TieredPolicy(
        new ObjectKey("policy.networking.k8s.io", "ClusterNetworkPolicy", "", "one"),
        ORIGIN,
        tier,
        1,
        new Peer.Pods(all, all),
        List.of(),
        List.of(egress));
  }

  private static PolicyRule on(PortRange range) {
    return new PolicyRule(Optional.empty(), Optional.of(List.of(new PortSpec.Numbered(range))));
  }
}
