package io.portcullis.policy.rules;

import static io.portcullis.cluster.Direction.EGRESS;
import static io.portcullis.cluster.Direction.INGRESS;
import static io.portcullis.cluster.Tier.ADMIN;
import static io.portcullis.cluster.Tier.BASELINE;
import static io.portcullis.policy.rules.Objects.ALL;
import static io.portcullis.policy.rules.Objects.accept;
import static io.portcullis.policy.rules.Objects.block;
import static io.portcullis.policy.rules.Objects.deny;
import static io.portcullis.policy.rules.Objects.egress;
import static io.portcullis.policy.rules.Objects.everyone;
import static io.portcullis.policy.rules.Objects.ingress;
import static io.portcullis.policy.rules.Objects.isolatedNamespace;
import static io.portcullis.policy.rules.Objects.named;
import static io.portcullis.policy.rules.Objects.namespace;
import static io.portcullis.policy.rules.Objects.node;
import static io.portcullis.policy.rules.Objects.nodes;
import static io.portcullis.policy.rules.Objects.on;
import static io.portcullis.policy.rules.Objects.pass;
import static io.portcullis.policy.rules.Objects.pod;
import static io.portcullis.policy.rules.Objects.pods;
import static io.portcullis.policy.rules.Objects.port;
import static io.portcullis.policy.rules.Objects.rule;
import static io.portcullis.policy.rules.Objects.selector;
import static io.portcullis.policy.rules.Objects.tiered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.net.Protocol;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A1–A9, by the rules that follow from them and by the oracle. */
class TiersTest {
  private static final String WEB = "10.1.0.1";
  private static final String DB = "10.1.0.2";
  private static final String OUTSIDE = "203.0.113.10";

  private final Verdicts two =
      Verdicts.of(
          pod("shop/web", WEB, "fd00::1", "app=web"),
          pod("n2", "shop/db", List.of(port("sql", Protocol.TCP, 80)), DB, "fd00::2", "app=db"),
          namespace("shop", "team=a"),
          node("n1", "172.18.0.1", "role=worker"),
          node("n2", "172.18.0.2", "role=db"));

  @Test
  void a1_adminDecidesBeforeNetworkPoliciesAndThoseBeforeBaseline() {
    var allow = ingress("shop", ALL, everyone());
    var isolate = ingress("shop", ALL);
    var denyFirst = tiered(ADMIN, 1, "one", INGRESS, deny(everyone()));
    var acceptFirst = tiered(ADMIN, 1, "one", INGRESS, accept(everyone()));
    var denyLast = tiered(BASELINE, 1, "last", INGRESS, deny(everyone()));
    assertThat(two.allows(WEB, DB, "tcp/80")).isTrue();
    assertThat(two.and(denyLast, acceptFirst).allows(WEB, DB, "tcp/80")).isTrue();
    assertThat(two.and(denyLast).allows(WEB, DB, "tcp/80")).isFalse();
    assertThat(two.and(denyLast, allow).allows(WEB, DB, "tcp/80")).isTrue();
    assertThat(two.and(denyLast, allow, denyFirst).allows(WEB, DB, "tcp/80")).isFalse();
    assertThat(two.and(denyLast, isolate, acceptFirst).allows(WEB, DB, "tcp/80")).isTrue();
  }

  @Test
  void a2_theLowestPriorityDecidesThenTheNameThenTheKind() {
    var accept = tiered(ADMIN, 5, "b", INGRESS, accept(everyone()));
    assertThat(
            two.and(accept, tiered(ADMIN, 4, "z", INGRESS, deny(everyone())))
                .allows(WEB, DB, "tcp/80"))
        .isFalse();
    assertThat(
            two.and(accept, tiered(ADMIN, 6, "a", INGRESS, deny(everyone())))
                .allows(WEB, DB, "tcp/80"))
        .isTrue();
    assertThat(
            two.and(accept, tiered(ADMIN, 5, "a", INGRESS, deny(everyone())))
                .allows(WEB, DB, "tcp/80"))
        .isFalse();
    var subject = (Peer.Pods) pods(ALL, ALL);
    var earlierKind = tiered("AdminNetworkPolicy", ADMIN, 5, "c", subject);
    assertThat(
            two.and(accept, earlierKind.rules(INGRESS, deny(everyone()))).allows(WEB, DB, "tcp/80"))
        .as("the name comes before the kind")
        .isTrue();
    var sameName = tiered("AdminNetworkPolicy", ADMIN, 5, "b", subject);
    assertThat(two.and(accept, sameName.rules(INGRESS, deny(everyone()))).allows(WEB, DB, "tcp/80"))
        .isFalse();
  }

  @Test
  void a2_theFirstRuleThatMatchesDecides() {
    var policy =
        tiered(
            ADMIN,
            1,
            "one",
            INGRESS,
            accept(everyone(on("tcp/80"))),
            deny(everyone(on("tcp/80-90"))),
            accept(everyone(on("tcp/85"))));
    assertThat(two.and(policy).allows(WEB, DB, "tcp/80")).isTrue();
    assertThat(two.and(policy).allows(WEB, DB, "tcp/85")).isFalse();
    assertThat(two.and(policy).allows(WEB, DB, "tcp/91")).isTrue();
  }

  @Test
  void a3_acceptIsForItsDirectionOnlyAndPassGoesOnWithTheNextTier() {
    var acceptEgress = tiered(ADMIN, 1, "one", EGRESS, accept(everyone()));
    assertThat(two.and(acceptEgress, ingress("shop", ALL)).allows(WEB, DB, "tcp/80")).isFalse();
    assertThat(two.and(acceptEgress, egress("shop", ALL)).allows(WEB, DB, "tcp/80")).isTrue();
    var passing =
        two.and(
            tiered(ADMIN, 1, "one", INGRESS, pass(everyone(on("tcp/80")))),
            tiered(ADMIN, 2, "two", INGRESS, deny(everyone())));
    assertThat(passing.allows(WEB, DB, "tcp/80")).isTrue();
    assertThat(passing.allows(WEB, DB, "tcp/81")).isFalse();
    assertThat(passing.and(ingress("shop", ALL)).allows(WEB, DB, "tcp/80")).isFalse();
    assertThat(
            passing
                .and(tiered(BASELINE, 1, "last", INGRESS, deny(everyone())))
                .allows(WEB, DB, "tcp/80"))
        .isFalse();
    assertThat(
            two.and(tiered(BASELINE, 1, "last", INGRESS, pass(everyone()), deny(everyone())))
                .allows(WEB, DB, "tcp/80"))
        .isTrue();
  }

  @Test
  void a4_aPolicyWithoutPriorityComesAfterEveryOtherOfItsTier() {
    var last =
        tiered(
                "BaselineAdminNetworkPolicy",
                BASELINE,
                TieredPolicy.LAST,
                "default",
                (Peer.Pods) pods(ALL, ALL))
            .rules(INGRESS, deny(everyone()));
    var before = tiered(BASELINE, 1000, "z", INGRESS, accept(everyone(on("tcp/80"))));
    assertThat(two.and(last, before).allows(WEB, DB, "tcp/80")).isTrue();
    assertThat(two.and(last, before).allows(WEB, DB, "tcp/81")).isFalse();
  }

  @Test
  void a5_baselineIsAskedOnlyForAPodThatIsNotIsolatedInThatDirection() {
    var deny = tiered(BASELINE, 1, "last", INGRESS, deny(everyone()));
    var accept = tiered(BASELINE, 1, "last", INGRESS, accept(everyone()));
    assertThat(two.and(deny, ingress("shop", ALL, everyone())).allows(WEB, DB, "tcp/80")).isTrue();
    assertThat(two.and(accept, ingress("shop", ALL)).allows(WEB, DB, "tcp/80")).isFalse();
    assertThat(two.and(deny, egress("shop", ALL, everyone())).allows(WEB, DB, "tcp/80")).isFalse();
    var annotated =
        Verdicts.of(pod("shop/web", WEB), pod("shop/db", DB), isolatedNamespace("shop"), accept);
    assertThat(annotated.allows(WEB, DB, "tcp/80")).as("L1").isFalse();
  }

  @Test
  void a6_aSubjectIsSelectedByNamespaceAndPodAndADirectionWithoutRulesIsNotTouched() {
    for (var subject :
        List.of(
            pods(ALL, selector("app=db")),
            pods(selector("team=a"), ALL),
            pods(selector("team=a"), selector("app=db")))) {
      var policy =
          tiered("ClusterNetworkPolicy", ADMIN, 1, "one", (Peer.Pods) subject)
              .rules(INGRESS, deny(everyone()));
      assertThat(two.and(policy).allows(WEB, DB, "tcp/80")).isFalse();
      assertThat(two.and(policy).allows(DB, OUTSIDE, "tcp/80")).isTrue();
    }
    for (var subject :
        List.of(pods(ALL, selector("app=web")), pods(selector("team=b"), selector("app=db")))) {
      var policy =
          tiered("ClusterNetworkPolicy", ADMIN, 1, "one", (Peer.Pods) subject)
              .rules(INGRESS, deny(everyone()));
      assertThat(two.and(policy).allows(WEB, DB, "tcp/80")).isTrue();
    }
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                tiered(
                        "ClusterNetworkPolicy",
                        ADMIN,
                        1,
                        "one",
                        new Peer.Pods(Optional.of(ALL), Optional.empty()))
                    .rules(INGRESS));
  }

  @Test
  void a7_peersArePodsNodesAndNetworks() {
    var byPods = rule(List.of(pods(selector("team=a"), selector("app=db"))));
    var byNamespaces =
        rule(List.of(new Peer.Pods(Optional.of(selector("team=a")), Optional.empty())));
    var byNodes = rule(List.of(nodes(selector("role=db"))));
    var byNetwork = rule(List.of(block("10.1.0.2/32")));
    assertThat(denied(byPods, DB)).isTrue();
    assertThat(denied(byPods, "172.18.0.2")).isFalse();
    assertThat(denied(byNamespaces, DB)).isTrue();
    assertThat(denied(byNamespaces, OUTSIDE)).isFalse();
    assertThat(denied(byNodes, "172.18.0.2")).isTrue();
    assertThat(denied(byNodes, "172.18.0.1")).isFalse();
    assertThat(denied(byNodes, DB)).isFalse();
    assertThat(denied(byNetwork, DB)).isTrue();
    assertThat(denied(byNetwork, OUTSIDE)).isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> denied(rule(List.of(Objects.podsOfTheNamespace(ALL))), DB));
  }

  private boolean denied(PolicyRule match, String destination) {
    var policy = tiered(ADMIN, 1, "one", EGRESS, deny(match));
    return !two.and(policy).allows(WEB, destination, "tcp/80");
  }

  @Test
  void a8_whatStandsForAPeerThatIsNotKnownDeniesAllOrAcceptsNothing() {
    var denyAll = tiered(ADMIN, 1, "one", EGRESS, deny(everyone(on("tcp/80"))));
    assertThat(two.and(denyAll).allows(WEB, OUTSIDE, "tcp/80")).isFalse();
    assertThat(two.and(denyAll).allows(WEB, OUTSIDE, "tcp/81")).isTrue();
    var acceptNothing =
        two.and(tiered(ADMIN, 1, "one", EGRESS, accept(PolicyRule.NOTHING), deny(everyone())));
    assertThat(acceptNothing.allows(WEB, OUTSIDE, "tcp/80")).isFalse();
  }

  @Test
  void a9_aNameIsLookedUpOnTheDestinationForEveryProtocolThatHasIt() {
    var world =
        Verdicts.of(
            pod("n1", "shop/web", List.of(port("dns", Protocol.TCP, 99)), WEB),
            pod(
                "n2",
                "shop/db",
                List.of(port("dns", Protocol.UDP, 53), port("dns", Protocol.TCP, 5353)),
                DB));
    for (var direction : List.of(INGRESS, EGRESS)) {
      var subject = (Peer.Pods) pods(ALL, ALL);
      var both =
          world.and(
              tiered("ClusterNetworkPolicy", ADMIN, 1, "one", subject)
                  .rules(direction, deny(everyone(named("dns")))));
      assertThat(both.allows(WEB, DB, "udp/53")).isFalse();
      assertThat(both.allows(WEB, DB, "tcp/5353")).isFalse();
      assertThat(both.allows(WEB, DB, "tcp/53")).isTrue();
      assertThat(both.allows(WEB, DB, "tcp/99")).isTrue();
      assertThat(both.allows(WEB, DB, "icmp")).isTrue();
      assertThat(both.allows(DB, WEB, "tcp/99")).isFalse();
    }
    var nodesHaveNoNames =
        two.and(tiered(ADMIN, 1, "one", EGRESS, deny(rule(List.of(nodes(ALL)), named("sql")))));
    assertThat(nodesHaveNoNames.allows(WEB, "172.18.0.2", "tcp/80")).isTrue();
  }

  @Test
  void a9_withoutPortsIcmpMatchesTooAndWithPortsItDoesNot() {
    assertThat(two.and(tiered(ADMIN, 1, "one", INGRESS, deny(everyone()))).allows(WEB, DB, "icmp"))
        .isFalse();
    assertThat(
            two.and(tiered(ADMIN, 1, "one", INGRESS, deny(everyone(on("tcp/0-65535")))))
                .allows(WEB, DB, "icmp"))
        .isTrue();
  }
}
