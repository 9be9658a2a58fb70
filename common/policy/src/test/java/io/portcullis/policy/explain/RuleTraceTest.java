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
import static io.portcullis.policy.rules.Objects.networkPolicy;
import static io.portcullis.policy.rules.Objects.node;
import static io.portcullis.policy.rules.Objects.nodes;
import static io.portcullis.policy.rules.Objects.on;
import static io.portcullis.policy.rules.Objects.pass;
import static io.portcullis.policy.rules.Objects.pod;
import static io.portcullis.policy.rules.Objects.pods;
import static io.portcullis.policy.rules.Objects.podsOfTheNamespace;
import static io.portcullis.policy.rules.Objects.port;
import static io.portcullis.policy.rules.Objects.rule;
import static io.portcullis.policy.rules.Objects.selector;
import static io.portcullis.policy.rules.Objects.tiered;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.LabelSelector.Operator;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.TieredRule;
import io.portcullis.net.Protocol;
import io.portcullis.policy.explain.Explanation.End;
import io.portcullis.policy.explain.Explanation.Outcome;
import io.portcullis.policy.explain.Explanation.Tier;
import io.portcullis.policy.rules.Verdicts;
import java.util.List;
import java.util.Set;
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
                "rule 1 (no-db) of ClusterNetworkPolicy/one (everyone on tcp/80-90) matches and"
                    + " denies; what would have had to match: rule 0 of ClusterNetworkPolicy/one (pods app=x of all namespaces"
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
                "rule 0 of ClusterNetworkPolicy/one (everyone) passes it on; rule 0 of"
                    + " ClusterNetworkPolicy/last (everyone) matches and accepts"));
    assertThat(world.and(ingress("shop", ALL)).explain(WEB, DB, "icmp").ingress())
        .isEqualTo(
            new End(
                Outcome.DENIED,
                Tier.NETWORK_POLICY,
                "NetworkPolicy/shop/ingress",
                "",
                "rule 0 of ClusterNetworkPolicy/one (everyone) passes it on; pod shop/db is isolated for"
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
  void aRefusedRuleIsToldWithTheReason() {
    var rule = PolicyRule.NOTHING.insteadOfRefused("ports[0].protocol: Unsupported value");
    assertThat(two.and(ingress("shop", ALL, rule)).explain(WEB, DB, "tcp/80").ingress().reason())
        .endsWith(
            "; what would have had to match: rule 0 of NetworkPolicy/shop/ingress (refused:"
                + " ports[0].protocol: Unsupported value; it now matches nothing)");
    var broad = everyone(on("tcp/80")).insteadOfRefused("from[1]: not known");
    assertThat(
            two.and(tiered(ADMIN, 1, "one", INGRESS, deny(broad)))
                .explain(WEB, DB, "tcp/80")
                .ingress()
                .reason())
        .isEqualTo(
            "rule 0 of ClusterNetworkPolicy/one (refused: from[1]: not known; it now matches"
                + " everyone on tcp/80) matches and denies");
  }

  @Test
  void n10_whatIsInForceOfARefusedPolicyIsTold() {
    var policy = ingress("shop", ALL, everyone(on("tcp/80")));
    var kept = policy.withOrigin(policy.origin().seenAt(1_700_000_000_000_000L).ofKeptForm());
    for (var port : List.of("tcp/80", "tcp/81")) {
      assertThat(two.and(kept).explain(WEB, DB, port).ingress().reason())
          .endsWith(
              "; NetworkPolicy/shop/ingress: earlier form enforced since 2023-11-14T22:13:20Z");
    }
    var closed = policy.withOrigin(policy.origin().ofFailClosedForm());
    assertThat(two.and(closed).explain(WEB, DB, "tcp/81").ingress().reason())
        .endsWith(
            "; NetworkPolicy/shop/ingress: closed: isolates the pods that it selects, for ingress,"
                + " and its refused rules allow nothing");
    assertThat(two.and(policy).explain(WEB, DB, "tcp/80").ingress().reason())
        .doesNotContain("enforced", "closed");
  }

  @Test
  void listsAreToldInShort() {
    var blocks = IntStream.range(0, 192).mapToObj(i -> block("10.0." + i + ".0/24")).toList();
    assertThat(RuleText.of(rule(blocks)))
        .isEqualTo(
            "10.0.0.0/24 or 10.0.1.0/24 or 10.0.2.0/24 or 10.0.3.0/24 or 10.0.4.0/24 and 187 more");
    assertThat(RuleText.of(rule(List.of(pods(ALL, expression("app", Operator.IN, letters()))))))
        .isEqualTo("pods app in (a, b, c, d, e and 21 more) of all namespaces");
    var policies =
        IntStream.range(0, 9)
            .mapToObj(
                i -> networkPolicy("shop", "p" + i, ALL, Set.of(INGRESS), List.of(), List.of()));
    assertThat(
            two.and(policies.toArray(ClusterObject[]::new))
                .explain(WEB, DB, "tcp/80")
                .ingress()
                .reason())
        .endsWith(", NetworkPolicy/shop/p4 and 4 more");
  }

  private static String[] letters() {
    return IntStream.rangeClosed('a', 'z').mapToObj(Character::toString).toArray(String[]::new);
  }

  @Test
  void n9_aNameThatTheDestinationLacksIsToldWithThoseThatItHas() {
    var world =
        Verdicts.of(
            pod("shop/web", WEB, "app=web"),
            pod(
                "n1",
                "shop/db",
                List.of(port("http", Protocol.TCP, 8080), port("dns", Protocol.UDP, 53)),
                DB));
    var rule = everyone(named(Protocol.TCP, "web"));
    assertThat(
            world.and(ingress("shop", ALL, rule)).explain(WEB, DB, "tcp/8080").ingress().reason())
        .endsWith("; pod shop/db has no TCP port named web; it has dns=53/udp, http=8080");
    assertThat(world.and(egress("shop", ALL, rule)).explain(WEB, DB, "tcp/8080").egress().reason())
        .endsWith("; pod shop/db has no TCP port named web; it has dns=53/udp, http=8080");
    assertThat(world.and(egress("shop", ALL, rule)).explain(DB, WEB, "tcp/1").egress().reason())
        .endsWith("; pod shop/web has no TCP port named web; it has no named ports");
    assertThat(
            world
                .and(egress("shop", ALL, rule))
                .explain(WEB, "192.0.2.1", "tcp/1")
                .egress()
                .reason())
        .endsWith("; a named port matches only at a pod, and the destination is none");
    var any = accept(everyone(named("web")));
    assertThat(
            world
                .and(tiered(ADMIN, 1, "one", INGRESS, any, deny(everyone())))
                .explain(WEB, DB, "tcp/8080")
                .ingress()
                .reason())
        .endsWith("; pod shop/db has no port named web; it has dns=53/udp, http=8080");
    var has = everyone(named(Protocol.TCP, "http"));
    assertThat(world.and(ingress("shop", ALL, has)).explain(WEB, DB, "tcp/1").ingress().reason())
        .doesNotContain("has no");
  }

  @Test
  void manyRulesAreToldInShort() {
    var rules =
        IntStream.range(0, 5)
            .mapToObj(i -> everyone(on("tcp/" + (80 + i))))
            .toArray(PolicyRule[]::new);
    assertThat(two.and(ingress("shop", ALL, rules)).explain(WEB, DB, "tcp/9").ingress().reason())
        .endsWith("rule 2 of NetworkPolicy/shop/ingress (everyone on tcp/82) and 2 more");
  }
}
