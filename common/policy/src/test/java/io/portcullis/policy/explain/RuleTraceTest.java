package io.portcullis.policy.explain;

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
import static io.portcullis.policy.rules.Objects.named;
import static io.portcullis.policy.rules.Objects.node;
import static io.portcullis.policy.rules.Objects.nodes;
import static io.portcullis.policy.rules.Objects.on;
import static io.portcullis.policy.rules.Objects.pass;
import static io.portcullis.policy.rules.Objects.pod;
import static io.portcullis.policy.rules.Objects.pods;
import static io.portcullis.policy.rules.Objects.podsOfTheNamespace;
import static io.portcullis.policy.rules.Objects.rule;
import static io.portcullis.policy.rules.Objects.selector;
import static io.portcullis.policy.rules.Objects.tiered;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.LabelSelector.Operator;
import io.portcullis.cluster.TieredRule;
import io.portcullis.net.Protocol;
import io.portcullis.policy.explain.Explanation.End;
import io.portcullis.policy.explain.Explanation.Outcome;
import io.portcullis.policy.explain.Explanation.Tier;
import io.portcullis.policy.rules.Verdicts;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who decided, and why. */
class RuleTraceTest {
  private static final String WEB = "10.1.0.1";
  private static final String DB = "10.1.0.2";

  private final Verdicts two =
      Verdicts.of(
          pod("shop/web", WEB, "app=web"), pod("shop/db", DB, "app=db"), node("n1", "172.18.0.1"));

  @Test
  void aRuleThatDeniesIsToldWithWhatWouldHaveComeFirst() {
    var world =
        two.and(
            tiered(
                ADMIN,
                1,
                "one",
                INGRESS,
                accept(rule(List.of(pods(ALL, selector("app=x"))), on("tcp/80"))),
                new TieredRule("no-db", TieredRule.Action.DENY, everyone(on("tcp/80-90")))));
    assertThat(world.explain(WEB, DB, "tcp/80").ingress())
        .isEqualTo(
            new End(
                Outcome.DENIED,
                Tier.ADMIN,
                "ClusterNetworkPolicy/one",
                "1 (no-db)",
                "rule 1 (no-db) of ClusterNetworkPolicy/one matches and denies; what would have had"
                    + " to match: rule 0 of ClusterNetworkPolicy/one (pods app=x of all namespaces"
                    + " on tcp/80)"));
  }

  @Test
  void aRuleThatPassesIsToldBeforeTheOneThatDecides() {
    var world =
        two.and(
            tiered(ADMIN, 1, "one", INGRESS, pass(everyone())),
            tiered(BASELINE, 1, "last", INGRESS, accept(everyone())));
    assertThat(world.explain(WEB, DB, "icmp").ingress())
        .isEqualTo(
            new End(
                Outcome.ALLOWED,
                Tier.BASELINE,
                "ClusterNetworkPolicy/last",
                "0",
                "rule 0 of ClusterNetworkPolicy/one passes it on; rule 0 of"
                    + " ClusterNetworkPolicy/last matches and accepts"));
    assertThat(world.and(ingress("shop", ALL)).explain(WEB, DB, "icmp").ingress())
        .isEqualTo(
            new End(
                Outcome.DENIED,
                Tier.NETWORK_POLICY,
                "NetworkPolicy/shop/ingress",
                "",
                "rule 0 of ClusterNetworkPolicy/one passes it on; pod shop/db is isolated for"
                    + " ingress and no rule matches of NetworkPolicy/shop/ingress"));
  }

  @Test
  void theRuleThatComesFirstIsToldAlsoWhereTheKernelAsksAnother() {
    var world =
        two.and(
            tiered(
                ADMIN,
                1,
                "one",
                INGRESS,
                accept(everyone(on("tcp/80-90"))),
                accept(everyone(on("tcp/80")))));
    assertThat(world.explain(WEB, DB, "tcp/80").ingress().rule()).isEqualTo("0");
  }

  @Test
  void whatNoTierDecidesIsTheDefault() {
    var world = two.and(tiered(ADMIN, 1, "one", INGRESS, deny(everyone(on("tcp/80")))));
    assertThat(world.explain(WEB, DB, "tcp/81").ingress())
        .isEqualTo(
            new End(
                Outcome.ALLOWED,
                Tier.DEFAULT,
                "",
                "",
                "no rule for ingress of pod shop/db accepts or denies it, so it is allowed"));
  }

  @Test
  void t5_toTheOwnNodeNetworkPoliciesAreNotAsked() {
    var isolated = two.and(egress("shop", ALL));
    assertThat(isolated.explain(WEB, "172.18.0.1", "tcp/22").egress())
        .isEqualTo(
            new End(
                Outcome.ALLOWED,
                Tier.DEFAULT,
                "",
                "",
                "172.18.0.1 is node n1, which pod shop/web runs on: NetworkPolicies do not restrict"
                    + " that"));
    var denied = isolated.and(tiered(ADMIN, 1, "one", EGRESS, deny(rule(List.of(nodes(ALL))))));
    assertThat(denied.explain(WEB, "172.18.0.1", "tcp/22").egress())
        .extracting(End::verdict, End::tier, End::policy)
        .containsExactly(Outcome.DENIED, Tier.ADMIN, "ClusterNetworkPolicy/one");
  }

  @Test
  void t13_anExemptNamespaceIsTheReason() {
    var world = two.and(ingress("shop", ALL)).exempting("shop");
    assertThat(world.explain(WEB, DB, "tcp/80").ingress().reason())
        .isEqualTo("namespace shop is exempt from all policies");
  }

  @Test
  void twoNamespacesWithTheSameRulesAreToldApart() {
    var world =
        Verdicts.of(
            pod("dev/web", WEB),
            pod("shop/db", DB),
            ingress("dev", ALL, everyone()),
            ingress("shop", ALL, everyone()));
    assertThat(world.explain(WEB, DB, "tcp/80").ingress().policy())
        .isEqualTo("NetworkPolicy/shop/ingress");
    assertThat(world.explain(DB, WEB, "tcp/80").ingress().policy())
        .isEqualTo("NetworkPolicy/dev/ingress");
  }

  @Test
  void aRuleIsToldInWords() {
    assertThat(RuleText.of(everyone())).isEqualTo("everyone");
    assertThat(
            RuleText.of(
                rule(
                    List.of(
                        podsOfTheNamespace(selector("app=a", "role=b")),
                        pods(selector("team=x"), expression("app", Operator.NOT_IN, "c", "d")),
                        block("10.0.0.0/8", "10.1.0.0/16"),
                        nodes(expression("gpu", Operator.EXISTS))),
                    on("tcp/80"),
                    on("udp/0-65535"),
                    named(Protocol.TCP, "web"))))
        .isEqualTo(
            "pods app=a, role=b of the same namespace or pods app not in (c, d) of namespaces"
                + " team=x or 10.0.0.0/8 without 10.1.0.0/16 or nodes with gpu"
                + " on tcp/80 or udp or tcp/web");
  }

  @Test
  void manyRulesAreToldInShort() {
    var rules =
        IntStream.range(0, 5)
            .mapToObj(i -> everyone(on("tcp/" + (80 + i))))
            .toArray(io.portcullis.cluster.PolicyRule[]::new);
    assertThat(two.and(ingress("shop", ALL, rules)).explain(WEB, DB, "tcp/9").ingress().reason())
        .endsWith("rule 2 of NetworkPolicy/shop/ingress (everyone on tcp/82) and 2 more");
  }
}
