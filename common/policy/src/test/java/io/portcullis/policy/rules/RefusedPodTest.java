package io.portcullis.policy.rules;

import static io.portcullis.cluster.Direction.EGRESS;
import static io.portcullis.cluster.Direction.INGRESS;
import static io.portcullis.cluster.Tier.ADMIN;
import static io.portcullis.policy.rules.Objects.accept;
import static io.portcullis.policy.rules.Objects.everyone;
import static io.portcullis.policy.rules.Objects.node;
import static io.portcullis.policy.rules.Objects.pod;
import static io.portcullis.policy.rules.Objects.tiered;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.net.Flow;
import io.portcullis.net.Protocol;
import io.portcullis.oracle.Oracle;
import io.portcullis.oracle.RandomClusters;
import io.portcullis.policy.explain.Explainer;
import io.portcullis.policy.explain.Explanation.Tier;
import io.portcullis.policy.state.Cluster;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** N10: nothing is allowed to or from a pod that was refused. */
class RefusedPodTest {
  private static final String WEB = "10.1.0.1";
  private static final String REFUSED = "10.1.0.9";
  private static final String OWN_NODE = "172.18.0.1";
  private static final String OTHER_NODE = "172.18.0.2";

  private final Pod valid = pod("shop/next", REFUSED);
  private final Pod refused = refused(pod("shop/old", REFUSED));
  private final Verdicts world =
      Verdicts.of(pod("shop/web", WEB), refused, node("n1", OWN_NODE), node("n2", OTHER_NODE));

  private static Pod refused(Pod pod) {
    return (Pod) pod.withOrigin(pod.origin().ofFailClosedForm());
  }

  @Test
  void n10_itIsClosedInBothDirectionsWhateverThePolicies() {
    var open =
        world.and(
            tiered(ADMIN, 1, "in", INGRESS, accept(everyone())),
            tiered(ADMIN, 1, "out", EGRESS, accept(everyone())));
    for (var verdicts : List.of(world, open)) {
      assertThat(verdicts.allows(WEB, REFUSED, "tcp/80")).isFalse();
      assertThat(verdicts.allows(REFUSED, WEB, "tcp/80")).isFalse();
      assertThat(verdicts.allows(OTHER_NODE, REFUSED, "icmp")).isFalse();
      assertThat(verdicts.allows(REFUSED, "203.0.113.9", "udp/53")).isFalse();
      assertThat(verdicts.allows(WEB, "203.0.113.9", "udp/53")).isTrue();
    }
  }

  @Test
  void t4_t5_itReachesItselfAndItsNode() {
    assertThat(world.allows(REFUSED, REFUSED, "tcp/80")).isTrue();
    assertThat(world.allows(OWN_NODE, REFUSED, "tcp/80")).as("probes").isTrue();
    assertThat(world.allows(REFUSED, OWN_NODE, "tcp/80")).isTrue();
  }

  @Test
  void t13_inAnExemptNamespaceItIsOpen() {
    assertThat(world.exempting("shop").allows(WEB, REFUSED, "tcp/80")).isTrue();
  }

  @Test
  void t11_itTakesNoAddressFromAValidPod() {
    assertThat(world.and(valid).allows(WEB, REFUSED, "tcp/80")).isTrue();
    assertThat(Verdicts.of(valid, refused(pod("shop/zzz", REFUSED))).allows(WEB, REFUSED, "icmp"))
        .isTrue();
  }

  @Test
  void n10_inAnyClusterTheRulesAreTheOracles() {
    for (var seed = 1L; seed <= 100; seed++) {
      var objects = RandomClusters.of(seed).stream().map(RefusedPodTest::perhapsRefused).toList();
      var oracle = new Oracle(objects, Set.of());
      var explainer = new Explainer(new Cluster(objects), Set.of());
      for (var from : RandomClusters.addresses()) {
        for (var to : RandomClusters.addresses()) {
          if (from.family() == to.family()) {
            var flow = new Flow(from, to, Optional.of(new Flow.Port(Protocol.TCP, 80)));
            assertThat(explainer.allows(flow))
                .as("%d: %s", seed, flow)
                .isEqualTo(oracle.allowed(flow));
          }
        }
      }
    }
  }

  private static ClusterObject perhapsRefused(ClusterObject object) {
    return object instanceof Pod pod && pod.key().hashCode() % 3 == 0 ? refused(pod) : object;
  }

  @Test
  void itIsExplained() {
    var end = world.explain(WEB, REFUSED, "tcp/80").ingress();
    assertThat(end.tier()).isEqualTo(Tier.NETWORK_POLICY);
    assertThat(end.reason())
        .isEqualTo("pod shop/old was refused; closed: nothing is allowed to or from the pod");
  }

  @Test
  void itOpensWhenItIsValid() {
    var cluster = new Cluster(List.of(refused));
    var compiler = new RuleSetCompiler(cluster, Set.of());
    assertThat(compiler.compile("n1").endpoints().iterator().next().ingress()).isPresent();
    compiler.apply(Map.of(refused.key(), Optional.of(pod("shop/old", REFUSED))));
    assertThat(compiler.compile("n1").endpoints().iterator().next().ingress()).isEmpty();
  }
}
