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
import static io.portcullis.policy.rules.Objects.expression;
import static io.portcullis.policy.rules.Objects.ingress;
import static io.portcullis.policy.rules.Objects.namespace;
import static io.portcullis.policy.rules.Objects.node;
import static io.portcullis.policy.rules.Objects.nodes;
import static io.portcullis.policy.rules.Objects.on;
import static io.portcullis.policy.rules.Objects.pass;
import static io.portcullis.policy.rules.Objects.pod;
import static io.portcullis.policy.rules.Objects.pods;
import static io.portcullis.policy.rules.Objects.rule;
import static io.portcullis.policy.rules.Objects.selector;
import static io.portcullis.policy.rules.Objects.tiered;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.LabelSelector.Operator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** T1–T13, by the rules that follow from them and by the oracle. */
class TrafficTest {
  private static final String WEB = "10.1.0.1";
  private static final String DB = "10.1.0.2";
  private static final String OUTSIDE = "203.0.113.10";
  private static final String OWN_NODE = "172.18.0.1";
  private static final String OTHER_NODE = "172.18.0.2";

  private final Pod web = pod("shop/web", WEB, "fd00::1", "app=web");
  private final Pod db = pod("n2", "shop/db", List.of(), DB, "fd00::2", "app=db");
  private final Verdicts two =
      Verdicts.of(web, db, node("n1", OWN_NODE, "fd00:18::1"), node("n2", OTHER_NODE));

  @Test
  void t1_bothEndsMustAllowAndAnEndThatIsNoPodHasNoPolicy() {
    assertThat(two.and(egress("shop", selector("app=web"))).allows(WEB, DB, "tcp/80")).isFalse();
    assertThat(two.and(ingress("shop", selector("app=db"))).allows(WEB, DB, "tcp/80")).isFalse();
    assertThat(two.and(egress("shop", selector("app=db"))).allows(WEB, DB, "tcp/80")).isTrue();
    assertThat(two.and(ingress("shop", ALL)).allows(WEB, OUTSIDE, "tcp/80")).isTrue();
  }

  @Test
  void t4_aPodReachesItselfWhateverThePolicies() {
    var none =
        two.and(
            egress("shop", ALL),
            ingress("shop", ALL),
            tiered(ADMIN, 1, "one", EGRESS, deny(everyone())));
    assertThat(none.allows(WEB, WEB, "tcp/80")).isTrue();
    assertThat(none.allows(WEB, DB, "tcp/80")).isFalse();
    assertThat(none.explain(WEB, WEB, "tcp/80").egress().reason())
        .isEqualTo(
            "pod shop/web reaches itself by its own address; through a service it does not: rule 0"
                + " of ClusterNetworkPolicy/one (everyone) matches and denies");
  }

  @Test
  void t4_networkPoliciesDoNotRestrictWhatAServiceSendsBack() {
    var isolated = two.and(egress("shop", ALL), ingress("shop", ALL));
    assertThat(isolated.allowsThroughService(WEB, "tcp/80")).isTrue();
    assertThat(isolated.explain(WEB, WEB, "tcp/80").egress().reason())
        .isEqualTo("pod shop/web reaches itself by its own address");
  }

  @Test
  void a12_adminAndBaselineRulesOfBothDirectionsRestrictWhatAServiceSendsBack() {
    var toOthers = deny(rule(List.of(pods(ALL, selector("app=db")))));
    for (var direction : Direction.values()) {
      for (var tier : List.of(ADMIN, BASELINE)) {
        assertThat(
                two.and(tiered(tier, 1, "one", direction, deny(everyone())))
                    .allowsThroughService(WEB, "icmp"))
            .as("%s %s", tier, direction)
            .isFalse();
        assertThat(
                two.and(tiered(tier, 1, "one", direction, toOthers))
                    .allowsThroughService(WEB, "tcp/80"))
            .isTrue();
      }
      var isolated = two.and(egress("shop", ALL), ingress("shop", ALL));
      assertThat(
              isolated
                  .and(tiered(ADMIN, 1, "one", direction, deny(everyone())))
                  .allowsThroughService(WEB, "tcp/80"))
          .isFalse();
      assertThat(
              isolated
                  .and(tiered(BASELINE, 1, "one", direction, deny(everyone())))
                  .allowsThroughService(WEB, "tcp/80"))
          .as("A5: the NetworkPolicy tier is final")
          .isTrue();
    }
  }

  @Test
  void t5_fromThePodsOwnNodeEverythingIsAllowedAndOtherNodesAreOutside() {
    var none = two.and(ingress("shop", ALL), tiered(ADMIN, 1, "one", INGRESS, deny(everyone())));
    assertThat(none.allows(OWN_NODE, WEB, "tcp/80")).isTrue();
    assertThat(none.allows("fd00:18::1", "fd00::1", "icmp")).isTrue();
    assertThat(none.allows(OTHER_NODE, WEB, "tcp/80")).isFalse();
  }

  @Test
  void t5_toItsOwnNodeAPodIsRestrictedByAdminAndBaselineOnly() {
    assertThat(two.and(egress("shop", ALL)).allows(WEB, OWN_NODE, "tcp/80")).isTrue();
    assertThat(two.and(egress("shop", ALL)).allows(WEB, OTHER_NODE, "tcp/80")).isFalse();
    var admin = tiered(ADMIN, 1, "one", EGRESS, accept(everyone(on("tcp/22"))), deny(everyone()));
    assertThat(two.and(admin).allows(WEB, OWN_NODE, "tcp/80")).isFalse();
    assertThat(two.and(admin).allows(WEB, OWN_NODE, "tcp/22")).isTrue();
    assertThat(two.and(admin).allows("fd00::1", "fd00:18::1", "icmp")).isFalse();
    assertThat(two.and(admin, egress("shop", ALL)).allows(WEB, OWN_NODE, "tcp/22")).isTrue();
    assertThat(
            two.and(tiered(ADMIN, 1, "one", EGRESS, pass(everyone())), egress("shop", ALL))
                .allows(WEB, OWN_NODE, "tcp/80"))
        .isTrue();
    var byNodes = tiered(ADMIN, 1, "one", EGRESS, deny(rule(List.of(nodes(ALL)))));
    assertThat(two.and(byNodes).allows(WEB, OWN_NODE, "tcp/80")).isFalse();
    var baseline = tiered(BASELINE, 1, "last", EGRESS, deny(everyone()));
    assertThat(two.and(baseline).allows(WEB, OWN_NODE, "tcp/80")).isFalse();
  }

  @Test
  void t5_a5_toItsOwnNodeTooBaselineIsAskedOnlyForAPodThatIsNotIsolated() {
    var baseline = tiered(BASELINE, 1, "last", EGRESS, deny(everyone()));
    assertThat(two.and(baseline, egress("shop", ALL)).allows(WEB, OWN_NODE, "tcp/80")).isTrue();
    assertThat(two.and(baseline, ingress("shop", ALL)).allows(WEB, OWN_NODE, "tcp/80")).isFalse();
  }

  @Test
  void t5_anAddressThatAPodHasIsThatPodAndNotTheNode() {
    var odd = two.and(pod("shop/odd", OWN_NODE));
    assertThat(odd.and(egress("shop", ALL)).allows(WEB, OWN_NODE, "tcp/80")).isFalse();
    assertThat(odd.and(ingress("shop", ALL)).allows(OWN_NODE, WEB, "tcp/80")).isFalse();
  }

  @Test
  void t6_podsOfTheHostsNetworkAreNoSubjectsAndReachedAsTheirNode() {
    var host =
        new Pod(
            db.key(),
            db.origin(),
            db.labels(),
            "n2",
            List.of(io.portcullis.net.IpAddress.parse(OTHER_NODE)),
            true,
            false,
            0,
            List.of());
    var world = Verdicts.of(web, host, node("n1", OWN_NODE), node("n2", OTHER_NODE));
    assertThat(world.and(ingress("shop", selector("app=db"))).allows(WEB, OTHER_NODE, "tcp/80"))
        .isTrue();
    var toPods = egress("shop", selector("app=web"), rule(List.of(pods(ALL, ALL))));
    var toBlock = egress("shop", selector("app=web"), rule(List.of(block("172.18.0.0/16"))));
    assertThat(world.and(toPods).allows(WEB, OTHER_NODE, "tcp/80")).isFalse();
    assertThat(world.and(toBlock).allows(WEB, OTHER_NODE, "tcp/80")).isTrue();
    var deniedNodes = tiered(ADMIN, 1, "one", EGRESS, deny(rule(List.of(nodes(ALL)))));
    assertThat(world.and(deniedNodes).allows(WEB, OTHER_NODE, "tcp/80")).isFalse();
  }

  @Test
  void t7_aFinishedPodDoesNotCount() {
    var done =
        new Pod(
            db.key(), db.origin(), db.labels(), "n2", db.addresses(), false, true, 0, List.of());
    assertThat(Verdicts.of(web, done, ingress("shop", ALL)).allows(WEB, DB, "tcp/80")).isTrue();
  }

  @Test
  void t8_eachFamilyCountsByItself() {
    var onlyV4 = two.and(ingress("shop", ALL, rule(List.of(block("0.0.0.0/0")))));
    assertThat(onlyV4.allows(WEB, DB, "tcp/80")).isTrue();
    assertThat(onlyV4.allows("fd00::1", "fd00::2", "tcp/80")).isFalse();
    var denyV6 = two.and(tiered(ADMIN, 1, "one", EGRESS, deny(rule(List.of(block("::/0"))))));
    assertThat(denyV6.allows(WEB, DB, "tcp/80")).isTrue();
    assertThat(denyV6.allows("fd00::1", "fd00::2", "tcp/80")).isFalse();
  }

  @Test
  void t9_operatorsAndAbsentKeys() {
    for (var selecting :
        List.of(
            expression("app", Operator.IN, "db", "x"),
            expression("app", Operator.NOT_IN, "web"),
            expression("app", Operator.EXISTS),
            expression("absent", Operator.NOT_IN, "x"),
            expression("absent", Operator.DOES_NOT_EXIST),
            ALL)) {
      assertThat(two.and(ingress("shop", selecting)).allows(WEB, DB, "tcp/80"))
          .as("%s", selecting)
          .isFalse();
    }
    for (var other :
        List.of(
            expression("absent", Operator.IN, "x"),
            expression("absent", Operator.EXISTS),
            expression("app", Operator.NOT_IN, "db"),
            expression("app", Operator.DOES_NOT_EXIST))) {
      assertThat(two.and(ingress("shop", other)).allows(WEB, DB, "tcp/80"))
          .as("%s", other)
          .isTrue();
    }
  }

  @Test
  void t10_t12_aNamespaceIsFoundByItsNameAlsoBeforeItsObjectHasCome() {
    var byName =
        ingress("shop", ALL, rule(List.of(pods(selector("kubernetes.io/metadata.name=dev"), ALL))));
    var tool = pod("dev/tool", "10.1.0.3");
    assertThat(two.and(byName, tool).allows("10.1.0.3", DB, "tcp/80")).isTrue();
    assertThat(two.and(byName, tool, namespace("dev")).allows("10.1.0.3", DB, "tcp/80")).isTrue();
    var byLabel = ingress("shop", ALL, rule(List.of(pods(selector("team=a"), ALL))));
    assertThat(two.and(byLabel, tool).allows("10.1.0.3", DB, "tcp/80")).isFalse();
    assertThat(two.and(byLabel, tool, namespace("dev", "team=a")).allows("10.1.0.3", DB, "tcp/80"))
        .isTrue();
  }

  @Test
  void t11_ofTwoPodsWithOneAddressTheNewerHasIt() {
    var newer =
        new Pod(
            pod("dev/newer").key(),
            db.origin(),
            db.labels(),
            "n2",
            db.addresses(),
            false,
            false,
            7,
            List.of());
    assertThat(two.and(newer, ingress("shop", ALL)).allows(WEB, DB, "tcp/80")).isTrue();
    assertThat(two.and(newer, ingress("dev", ALL)).allows(WEB, DB, "tcp/80")).isFalse();
  }

  @Test
  void t13_podsOfExemptNamespacesAreNoSubjectsButPeersAsAny() {
    var all =
        two.and(
                pod("kafka/broker", "10.1.0.9", "app=broker"),
                ingress("kafka", ALL),
                egress("kafka", ALL),
                tiered(ADMIN, 1, "one", INGRESS, deny(everyone())),
                tiered(ADMIN, 2, "two", EGRESS, deny(rule(List.of(nodes(ALL))))))
            .exempting("kafka");
    assertThat(all.allows(WEB, "10.1.0.9", "tcp/80")).isTrue();
    assertThat(all.allows("10.1.0.9", OTHER_NODE, "tcp/80")).isTrue();
    assertThat(all.allows("10.1.0.9", OWN_NODE, "tcp/80")).isTrue();
    assertThat(all.allows("10.1.0.9", DB, "tcp/80")).isFalse();
    var peer =
        two.and(
                pod("kafka/broker", "10.1.0.9", "app=broker"),
                ingress("shop", ALL, rule(List.of(pods(ALL, selector("app=broker"))))))
            .exempting("kafka");
    assertThat(peer.allows("10.1.0.9", DB, "tcp/80")).isTrue();
    assertThat(peer.allows(WEB, DB, "tcp/80")).isFalse();
  }
}
