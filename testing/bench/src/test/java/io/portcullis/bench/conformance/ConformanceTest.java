package io.portcullis.bench.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.Tier;
import io.portcullis.cluster.TieredRule;
import io.portcullis.lab.network.LabNetwork;
import io.portcullis.lab.network.Names;
import io.portcullis.oracle.RandomClusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Checks that the kernel does with packets what the policies mean. */
class ConformanceTest {
  private final List<String> lines = new ArrayList<>();

  @Test
  void packetsGoAsThePoliciesMean() throws Exception {
    var result = new Conformance(1, 5, lines::add).run();
    assertThat(lines).isEmpty();
    assertThat(result.denied()).isPositive().isLessThan(result.probes());
    assertThat(result.deniedToOwnNode()).as("T5").isPositive();
    assertThat(result.text()).isEqualTo("SEEDS 5 PROBES " + result.probes() + " MISMATCHES 0");
  }

  @Test
  void rulesOfOtherPoliciesAreMismatches() throws Exception {
    var enforced = RandomClusters.of(1);
    var meant = new ArrayList<>(enforced);
    meant.add(nobodyMaySpeak());
    var names = Names.random();
    try (var network = new LabNetwork(names)) {
      network.open();
      var compared = new ClusterProbe(network, names).compare(enforced, meant);
      assertThat(compared.mismatches())
          .isNotEmpty()
          .allMatch(line -> line.matches(".*: expected denied, seen: (answered|refused, .*)"))
          .anyMatch(line -> line.contains(" (10.96.0.1) tcp/80:"))
          .anyMatch(line -> line.contains(" icmp:"))
          .anyMatch(line -> line.contains(" udp/80:"));
    }
  }

  private static ClusterObject nobodyMaySpeak() {
    var all = Optional.of(LabelSelector.EVERYTHING);
    var everything = new PolicyRule(Optional.empty(), Optional.empty());
    return new ClusterObject.TieredPolicy(
        new ObjectKey("policy.networking.k8s.io", "ClusterNetworkPolicy", "", "nobody"),
        new Origin("test.yaml", "", 0, 0),
        Tier.ADMIN,
        0,
        new Peer.Pods(all, all),
        List.of(),
        List.of(new TieredRule("", TieredRule.Action.DENY, everything)));
  }

  @Test
  void seedsCountUpwards() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Conformance(2, 1, lines::add));
  }
}
