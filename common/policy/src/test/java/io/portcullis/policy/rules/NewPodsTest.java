package io.portcullis.policy.rules;

import static io.portcullis.policy.rules.Objects.node;
import static io.portcullis.policy.rules.Objects.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.net.Cidr;
import io.portcullis.policy.state.Cluster;
import io.portcullis.ruleset.RuleSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** C1: what a node must know of its pods so that it can tell those that it does not know. */
class NewPodsTest {
  private static ClusterObject.Node withCidrs(String... cidrs) {
    var plain = (ClusterObject.Node) node("n1");
    return new ClusterObject.Node(
        plain.key(),
        plain.origin(),
        plain.labels(),
        plain.addresses(),
        Stream.of(cidrs).map(Cidr::parse).toList());
  }

  private static RuleSet compiled(ClusterObject... objects) {
    return new RuleSetCompiler(new Cluster(List.of(objects)), Set.of("exempt")).compile("n1");
  }

  @Test
  void c1_podCidrsAreMergedAndDisjoint() {
    var rules = compiled(withCidrs("10.1.1.0/24", "10.1.0.0/24", "10.1.1.0/25", "fd00::/64"));
    assertThat(rules.records().keySet())
        .containsExactlyInAnyOrder(
            "podcidr/10.1.0.0-10.1.1.255", "podcidr/fd00::-fd00::ffff:ffff:ffff:ffff");
  }

  @Test
  void c1_everyPodThatCountsIsKnownWithoutAnyPolicyThoseOfExemptNamespacesToo() {
    var rules = compiled(withCidrs(), pod("shop/web", "10.1.0.1"), pod("exempt/a", "10.1.0.2"));
    assertThat(rules.records().keySet())
        .containsExactlyInAnyOrder("endpoint/10.1.0.1", "endpoint/10.1.0.2");
  }
}
