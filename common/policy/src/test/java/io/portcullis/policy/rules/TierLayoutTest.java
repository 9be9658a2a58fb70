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

import io.portcullis.cluster.ClusterObject;
import io.portcullis.net.IpAddress;
import io.portcullis.policy.state.Cluster;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.ChainId;
import io.portcullis.ruleset.Element;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.Rule;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.TrafficPath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How few rules and chains the tiers need, and which are shared. */
class TierLayoutTest {
  private static final IpAddress WEB = IpAddress.parse("10.1.0.1");
  private static final ClusterObject POD = pod("shop/web", "10.1.0.1", "app=web");

  @Test
  void rulesOfOneActionAreUnitedOverAdjacentPoliciesAndNeverAcrossAnother() {
    var rules =
        compiled(
            POD,
            tiered(
                ADMIN,
                1,
                "one",
                INGRESS,
                accept(rule(List.of(pods(ALL, selector("app=a"))), on("tcp/80"))),
                accept(rule(List.of(pods(ALL, selector("app=b"))), on("tcp/80")))),
            tiered(
                ADMIN,
                2,
                "two",
                INGRESS,
                accept(rule(List.of(pods(ALL, selector("app=c"))), on("tcp/80"))),
                deny(rule(List.of(pods(ALL, selector("app=d"))), on("tcp/80"))),
                accept(rule(List.of(pods(ALL, selector("app=e"))), on("tcp/80"))),
                pass(rule(List.of(pods(ALL, selector("app=f"))), on("tcp/80"))),
                accept(rule(List.of(pods(ALL, selector("app=g"))), on("tcp/80")))));
    assertThat(chain(rules, TrafficPath.INGRESS).rules())
        .extracting(Rule::causes)
        .containsExactly(
            List.of(
                "ClusterNetworkPolicy/one#0",
                "ClusterNetworkPolicy/one#1",
                "ClusterNetworkPolicy/two#0"),
            List.of("ClusterNetworkPolicy/two#1"),
            List.of("ClusterNetworkPolicy/two#2"),
            List.of("ClusterNetworkPolicy/two#3"),
            List.of("ClusterNetworkPolicy/two#4"));
  }

  @Test
  void aRuleThatCannotMatchInThisFamilyPartsNothing() {
    var rules =
        compiled(
            POD,
            tiered(
                ADMIN,
                1,
                "one",
                EGRESS,
                accept(rule(List.of(pods(ALL, selector("app=a"))), on("tcp/80"))),
                deny(rule(List.of(block("fd00::/8")))),
                accept(rule(List.of(pods(ALL, selector("app=b"))), on("tcp/80")))));
    assertThat(chain(rules, TrafficPath.EGRESS).rules()).hasSize(1);
  }

  @Test
  void a6_aPolicyWithoutRulesForTheDirectionIsNotTold() {
    var policy = tiered(ADMIN, 1, "one", INGRESS, deny(everyone()));
    var untouched = tiered(ADMIN, 2, "two", EGRESS, deny(everyone()));
    assertThat(chain(compiled(POD, policy, untouched), TrafficPath.INGRESS).policies())
        .containsExactly("ClusterNetworkPolicy/one");
  }

  @Test
  void tiersAreAskedInOrderByGoto() {
    var admin = tiered(ADMIN, 1, "one", INGRESS, pass(everyone(on("tcp/80"))));
    var isolated = compiled(POD, admin, ingress("shop", ALL));
    var first = chain(isolated, TrafficPath.INGRESS);
    var second = chain(isolated, next(first.end()));
    assertThat(first.rules()).extracting(Rule::action).containsExactly(first.end());
    assertThat(second.end()).isEqualTo(Action.DENY);
    var baseline = tiered(BASELINE, 1, "last", INGRESS, deny(everyone(on("tcp/81"))));
    var open = compiled(POD, admin, baseline);
    var last = chain(open, next(chain(open, TrafficPath.INGRESS).end()));
    assertThat(last.end()).isEqualTo(Action.ACCEPT);
    assertThat(last.policies()).containsExactly("ClusterNetworkPolicy/last");
    var alone = chain(compiled(POD, admin), TrafficPath.INGRESS);
    assertThat(alone.end()).isEqualTo(Action.ACCEPT);
    assertThat(alone.rules()).extracting(Rule::action).containsExactly(Action.ACCEPT);
  }

  @Test
  void t5_aPodThatIsNotIsolatedSharesItsEgressChainWithTheWayToItsNode() {
    var admin = tiered(ADMIN, 1, "one", EGRESS, deny(everyone(on("tcp/80"))));
    var open = endpoint(compiled(POD, admin));
    assertThat(open.toOwnNode()).isPresent().isEqualTo(open.egress());
    var isolated = endpoint(compiled(POD, admin, egress("shop", ALL)));
    assertThat(isolated.toOwnNode()).isEqualTo(open.toOwnNode()).isNotEqualTo(isolated.egress());
    assertThat(endpoint(compiled(POD, egress("shop", ALL))).toOwnNode()).isEmpty();
    assertThat(endpoint(compiled(POD)).egress()).isEmpty();
  }

  @Test
  void a7_nodesAreASetThatFollowsTheirLabels() {
    var policy = tiered(ADMIN, 1, "one", EGRESS, deny(rule(List.of(nodes(selector("role=db"))))));
    var before = compiled(POD, policy, node("n2", "172.18.0.2"));
    var after = compiled(POD, policy, node("n2", "172.18.0.2", "fd00:18::2", "role=db"));
    assertThat(chain(after, TrafficPath.EGRESS)).isEqualTo(chain(before, TrafficPath.EGRESS));
    var set = chain(after, TrafficPath.EGRESS).rules().getFirst().peers().orElseThrow();
    assertThat(before.members(set)).isEmpty();
    assertThat(after.members(set)).containsExactly(Element.parse("172.18.0.2"));
  }

  @Test
  void podsAndNodesOfOnePortAreOneLookUp() {
    var policy =
        tiered(
            ADMIN,
            1,
            "one",
            EGRESS,
            deny(rule(List.of(nodes(ALL)), on("tcp/80"))),
            deny(rule(List.of(pods(ALL, ALL)), on("tcp/80"))));
    var rules = compiled(POD, policy, node("n2", "172.18.0.2"));
    assertThat(chain(rules, TrafficPath.EGRESS).rules()).hasSize(1);
    var set = chain(rules, TrafficPath.EGRESS).rules().getFirst().peers().orElseThrow();
    assertThat(rules.members(set))
        .containsExactlyInAnyOrder(Element.parse("172.18.0.2"), Element.parse("10.1.0.1"));
  }

  @Test
  void whatEveryoneMayIsNotAskedByPeersToo() {
    var policy =
        ingress(
            "shop",
            ALL,
            rule(List.of(pods(ALL, ALL), block("10.0.0.0/8")), on("tcp/80")),
            everyone(on("tcp/80")));
    assertThat(chain(compiled(POD, policy), TrafficPath.INGRESS).rules())
        .extracting(Rule::peers)
        .containsExactly(Optional.empty());
  }

  @Test
  void t13_anExemptPodIsAnEndpointWithoutChains() {
    var objects =
        List.of(POD, ingress("shop", ALL), tiered(ADMIN, 1, "one", EGRESS, deny(everyone())));
    var rules = new RuleSetCompiler(new Cluster(objects), Set.of("shop")).compile("n1");
    assertThat(rules.records().values())
        .containsExactly(
            new Endpoint(WEB, "shop/web", Optional.empty(), Optional.empty(), Optional.empty()));
  }

  @Test
  void oneChainForTheSameContentStandsForAllPoliciesWhateverTheirOrder() {
    var other = pod("dev/tool", "10.1.0.3");
    var objects = new ArrayList<>(List.of(POD, other, ingress("shop", ALL), ingress("dev", ALL)));
    var rules = compiled(objects.toArray(ClusterObject[]::new));
    assertThat(chain(rules, TrafficPath.INGRESS).policies())
        .containsExactly("NetworkPolicy/dev/ingress", "NetworkPolicy/shop/ingress");
    assertThat(compiled(objects.reversed().toArray(ClusterObject[]::new))).isEqualTo(rules);
  }

  private static RuleSet compiled(ClusterObject... objects) {
    return new RuleSetCompiler(new Cluster(Arrays.asList(objects)), Set.of()).compile("n1");
  }

  private static Endpoint endpoint(RuleSet rules) {
    return rules.endpoint(WEB).orElseThrow();
  }

  private static Chain chain(RuleSet rules, TrafficPath way) {
    return chain(rules, endpoint(rules).chain(way).orElseThrow());
  }

  private static Chain chain(RuleSet rules, ChainId id) {
    return rules.chain(id).orElseThrow();
  }

  private static ChainId next(Action action) {
    return ((Action.Continue) action).chain();
  }
}
