package io.portcullis.policy.rules;

import static io.portcullis.policy.rules.Objects.ALL;
import static io.portcullis.policy.rules.Objects.block;
import static io.portcullis.policy.rules.Objects.egress;
import static io.portcullis.policy.rules.Objects.everyone;
import static io.portcullis.policy.rules.Objects.ingress;
import static io.portcullis.policy.rules.Objects.named;
import static io.portcullis.policy.rules.Objects.namespace;
import static io.portcullis.policy.rules.Objects.networkPolicy;
import static io.portcullis.policy.rules.Objects.on;
import static io.portcullis.policy.rules.Objects.pod;
import static io.portcullis.policy.rules.Objects.pods;
import static io.portcullis.policy.rules.Objects.podsOfTheNamespace;
import static io.portcullis.policy.rules.Objects.port;
import static io.portcullis.policy.rules.Objects.rule;
import static io.portcullis.policy.rules.Objects.selector;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.Direction;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.net.Protocol;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** N1–N10, by the rules that follow from them and by the oracle. */
class NetworkPolicyTest {
  private static final String WEB = "10.1.0.1";
  private static final String DB = "10.1.0.2";
  private static final String TOOL = "10.2.0.3";

  private final Verdicts three =
      Verdicts.of(
          pod("shop/web", WEB, "app=web"),
          pod("n2", "shop/db", List.of(port("sql", Protocol.TCP, 5432)), DB, "app=db"),
          pod("n1", "dev/tool", List.of(port("sql", Protocol.TCP, 99)), TOOL, "app=web"),
          namespace("shop", "team=a"),
          namespace("dev", "team=b"));

  @Test
  void n1_subjectsArePodsOfThePolicysOwnNamespace() {
    assertThat(three.and(ingress("shop", ALL)).allows(TOOL, WEB, "tcp/80")).isFalse();
    assertThat(three.and(ingress("shop", ALL)).allows(WEB, TOOL, "tcp/80")).isTrue();
    assertThat(three.and(ingress("shop", selector("app=db"))).allows(TOOL, WEB, "tcp/80")).isTrue();
  }

  @Test
  void n2_theTypesAloneSayWhichDirectionIsIsolated() {
    var rules = List.of(everyone(on("tcp/80")));
    var onlyEgress = networkPolicy("shop", "one", ALL, Set.of(Direction.EGRESS), rules, List.of());
    assertThat(three.and(onlyEgress).allows(TOOL, WEB, "tcp/81")).isTrue();
    assertThat(three.and(onlyEgress).allows(WEB, TOOL, "tcp/80")).isFalse();
  }

  @Test
  void n3_whatAnyPolicyAllowsIsAllowedInAnyOrder() {
    var one = ingress("shop", ALL, everyone(on("tcp/80")));
    var other =
        networkPolicy(
            "shop",
            "other",
            selector("app=db"),
            Set.of(Direction.INGRESS),
            List.of(everyone(on("tcp/81"))),
            List.of());
    for (var world : List.of(three.and(one, other), three.and(other, one))) {
      assertThat(world.allows(WEB, DB, "tcp/80")).isTrue();
      assertThat(world.allows(WEB, DB, "tcp/81")).isTrue();
      assertThat(world.allows(DB, WEB, "tcp/81")).isFalse();
    }
  }

  @Test
  void n4_noRulesAllowNothingAndTheEmptyRuleEverything() {
    assertThat(three.and(ingress("shop", ALL)).allows(TOOL, DB, "tcp/80")).isFalse();
    assertThat(three.and(ingress("shop", ALL, everyone())).allows(TOOL, DB, "tcp/80")).isTrue();
  }

  @Test
  void n5_aRuleWithPortsDoesNotMatchIcmpAndOneWithoutDoes() {
    assertThat(three.and(ingress("shop", ALL, everyone())).allows(WEB, DB, "icmp")).isTrue();
    var allPorts = everyone(on("tcp/0-65535"), on("udp/0-65535"), on("sctp/0-65535"));
    assertThat(three.and(ingress("shop", ALL, allPorts)).allows(WEB, DB, "icmp")).isFalse();
    assertThat(three.and(ingress("shop", ALL, allPorts)).allows(WEB, DB, "sctp/9")).isTrue();
    var fromWeb = rule(List.of(podsOfTheNamespace(selector("app=web"))));
    assertThat(three.and(ingress("shop", ALL, fromWeb)).allows(WEB, DB, "icmp")).isTrue();
    assertThat(three.and(ingress("shop", ALL, fromWeb)).allows(TOOL, DB, "icmp")).isFalse();
  }

  @Test
  void n6_selectorsOfOneItemHoldTogetherAndItemsAreAlternatives() {
    assertThat(reaches(TOOL, podsOfTheNamespace(selector("app=web")))).isFalse();
    assertThat(reaches(WEB, podsOfTheNamespace(selector("app=web")))).isTrue();
    var dev = new Peer.Pods(Optional.of(selector("team=b")), Optional.empty());
    assertThat(reaches(TOOL, dev)).isTrue();
    assertThat(reaches(WEB, dev)).isFalse();
    assertThat(reaches(TOOL, pods(selector("team=b"), selector("app=db")))).isFalse();
    assertThat(reaches(TOOL, pods(selector("team=b"), selector("app=web")))).isTrue();
    assertThat(reaches(WEB, dev, podsOfTheNamespace(ALL))).isTrue();
  }

  @Test
  void n7_aBlockIsWithoutItsOwnExceptionsOnlyAndHoldsPodsToo() {
    assertThat(reaches(WEB, block("10.1.0.0/16"))).isTrue();
    assertThat(reaches(WEB, block("10.1.0.0/16", "10.1.0.0/30"))).isFalse();
    assertThat(reaches("10.1.0.4", block("10.1.0.0/16", "10.1.0.0/30"))).isTrue();
    assertThat(reaches(WEB, block("10.1.0.0/16", "10.1.0.0/30"), block("10.1.0.1/32"))).isTrue();
  }

  private boolean reaches(String source, Peer... from) {
    var policy = ingress("shop", selector("app=db"), rule(List.of(from)));
    return three.and(policy).allows(source, DB, "tcp/80");
  }

  @Test
  void n8_aPortIsANumberARangeOrAllOfAProtocol() {
    var world =
        three.and(ingress("shop", ALL, everyone(on("tcp/80"), on("tcp/90-92"), on("udp/0-65535"))));
    for (var open : List.of("tcp/80", "tcp/90", "tcp/92", "udp/1", "udp/65535")) {
      assertThat(world.allows(WEB, DB, open)).as(open).isTrue();
    }
    for (var shut : List.of("tcp/79", "tcp/81", "tcp/89", "tcp/93", "sctp/80")) {
      assertThat(world.allows(WEB, DB, shut)).as(shut).isFalse();
    }
  }

  @Test
  void n9_aNameIsAnotherNumberOnEachDestination() {
    var in = three.and(ingress("shop", ALL, everyone(named(Protocol.TCP, "sql"))));
    assertThat(in.allows(WEB, DB, "tcp/5432")).isTrue();
    assertThat(in.allows(TOOL, DB, "tcp/99")).isFalse();
    assertThat(in.allows(TOOL, WEB, "tcp/99")).isFalse();
    var out = three.and(egress("shop", ALL, everyone(named(Protocol.TCP, "sql"))));
    assertThat(out.allows(WEB, DB, "tcp/5432")).isTrue();
    assertThat(out.allows(WEB, TOOL, "tcp/99")).isTrue();
    assertThat(out.allows(WEB, TOOL, "tcp/5432")).isFalse();
    assertThat(out.allows(WEB, "203.0.113.10", "tcp/99")).isFalse();
    var otherProtocol = everyone(named(Protocol.UDP, "sql"));
    for (var world :
        List.of(
            three.and(ingress("shop", ALL, otherProtocol)),
            three.and(egress("shop", ALL, otherProtocol)))) {
      assertThat(world.allows(WEB, DB, "tcp/5432")).isFalse();
      assertThat(world.allows(WEB, DB, "udp/5432")).isFalse();
    }
    for (var world :
        List.of(
            three.and(ingress("shop", ALL, everyone(named(Protocol.TCP, "web")))),
            three.and(egress("shop", ALL, everyone(named(Protocol.TCP, "web")))))) {
      assertThat(world.allows(WEB, DB, "tcp/5432")).as("another name").isFalse();
    }
    var byBlock =
        three.and(
            egress("shop", ALL, rule(List.of(block("0.0.0.0/0")), named(Protocol.TCP, "sql"))));
    assertThat(byBlock.allows(WEB, DB, "tcp/5432")).isFalse();
  }

  @Test
  void n10_aRuleThatStandsForABrokenOneMatchesNothing() {
    var world = three.and(ingress("shop", ALL, PolicyRule.NOTHING, everyone(on("tcp/80"))));
    assertThat(world.allows(WEB, DB, "tcp/80")).isTrue();
    assertThat(world.allows(WEB, DB, "icmp")).isFalse();
  }
}
