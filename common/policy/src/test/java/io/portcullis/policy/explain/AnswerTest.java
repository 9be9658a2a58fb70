package io.portcullis.policy.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.json.Json;
import io.portcullis.net.Cidr;
import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.policy.explain.Explanation.Outcome;
import io.portcullis.policy.state.Cluster;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AnswerTest {
  private static final Origin ORIGIN = new Origin("test.yaml", "", 0, 0);

  private final ClusterObject web = pod("web", "n1", 0, "10.1.0.5", "fd00::5");
  private final ClusterObject api = pod("api", "n2", 0, "10.1.0.6", "fd00::6");

  @Test
  void theJsonHasTheShapeThatProgramsRelyOn() {
    var answer = (Answer.Explained) answer("shop/web", "shop/api", web, api, allow("10.1.0.0/16"));
    assertThat(
            new String(Json.bytes(answer.cases().getFirst().explanation()), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"verdict\":\"allowed\",\"egress\":{\"verdict\":\"allowed\",\"tier\":\"Default\","
                + "\"policy\":\"\",\"rule\":\"\",\"reason\":\"no policy isolates pod shop/web for egress\"},"
                + "\"ingress\":{\"verdict\":\"allowed\",\"tier\":\"NetworkPolicy\",\"policy\":"
                + "\"NetworkPolicy/shop/allow\",\"rule\":\"0\",\"reason\":"
                + "\"rule 0 of NetworkPolicy/shop/allow (10.1.0.0/16) matches\"}}");
  }

  @Test
  void t8_familiesThatDifferAreNotHiddenByTheFirst() {
    var answer = (Answer.Explained) answer("shop/web", "shop/api", web, api, allow("10.1.0.0/16"));
    assertThat(answer.cases())
        .extracting(way -> way.explanation().verdict())
        .containsExactly(Outcome.ALLOWED, Outcome.DENIED);
    assertThat(answer.differ()).isTrue();
    assertThat(answer.inShort().verdict()).isEqualTo(Outcome.ALLOWED);
    assertThat(answer.inShort().ingress().reason())
        .contains("; but from fd00::5 to fd00::6: denied, pod shop/api is isolated");
    assertThat(answer.inShort().egress().reason()).doesNotContain("but");
  }

  @Test
  void endsWithoutACommonFamilyHaveNoFlow() {
    assertThat(answer("shop/web", "shop/old", web, pod("old", "n1", 0, "10.1.0.7")))
        .isInstanceOf(Answer.Explained.class);
    assertThat(answer("fd00::5", "shop/old", web, pod("old", "n1", 0, "10.1.0.7")))
        .isInstanceOf(Answer.NoFlow.class);
  }

  @Test
  void t5_theNodeOfAPodIsNotRestrictedAndOthersAre() {
    var nodes = List.of(node("n1", "192.168.0.1"), node("n2", "192.168.0.2"));
    var cluster = List.of(web, api, nodes.get(0), nodes.get(1), deny());
    assertThat(verdict(cluster, "192.168.0.1", "10.1.0.5")).isEqualTo(Outcome.ALLOWED);
    assertThat(verdict(cluster, "192.168.0.2", "10.1.0.5")).isEqualTo(Outcome.DENIED);
    assertThat(verdict(cluster, "10.1.0.5", "192.168.0.1")).isEqualTo(Outcome.ALLOWED);
    assertThat(verdict(cluster, "10.1.0.5", "192.168.0.2")).isEqualTo(Outcome.DENIED);
  }

  @Test
  void onlyTheVerdictIsTheSameAsTheExplanations() {
    var explainer =
        new Explainer(new Cluster(List.of(web, node("n1", "192.168.0.1"), deny())), Set.of());
    for (var peer : List.of("192.168.0.1", "192.168.0.2")) {
      var flow = new Flow(ip("10.1.0.5"), ip(peer), Optional.empty());
      assertThat(explainer.allows(flow))
          .isEqualTo(explainer.explain(flow).verdict() == Outcome.ALLOWED);
    }
  }

  @Test
  void aPodThatIsNotKnownIsToldWithThoseThatAreNear() {
    assertThat(reason(answer("shop/wbe", "shop/api", web, api)))
        .isEqualTo("there is no pod shop/wbe; near: shop/web");
    assertThat(reason(answer("prod/web", "shop/api", web, api)))
        .isEqualTo("there is no pod prod/web; near: shop/web");
    assertThat(reason(answer("shop/web", "nowhere/else-at-all", web, api)))
        .isEqualTo("there is no pod nowhere/else-at-all");
  }

  @Test
  void t7_aPodThatDoesNotCountIsToldWithTheReason() {
    assertThat(reason(answer("shop/new", "shop/web", web, pod("new", "n1", 0))))
        .isEqualTo("pod shop/new has no address and does not count");
  }

  @Test
  void t11_theOlderOfTwoPodsWithOneAddressHasNone() {
    var older = pod("older", "n1", 1, "10.1.0.9");
    var newer = pod("newer", "n1", 2, "10.1.0.9");
    assertThat(answer("shop/older", "shop/web", web, older, newer))
        .isInstanceOf(Answer.NoSuchPod.class);
    assertThat(answer("shop/newer", "shop/web", web, older, newer))
        .isInstanceOf(Answer.Explained.class);
  }

  @Test
  void t6_aPodOnItsNodesNetworkIsToldAsSuch() {
    var agent = hostNetwork("agent", "n2", "192.168.0.2");
    var nodes = List.of(node("n1", "192.168.0.1"), node("n2", "192.168.0.2"));
    var to = (Answer.Explained) answer("shop/web", "shop/agent", web, agent, nodes.get(1));
    assertThat(to.inShort().ingress().reason())
        .isEqualTo("pod shop/agent is on n2's network; selectors do not match it (T6)");
    var from = (Answer.Explained) answer("shop/agent", "shop/web", web, agent, nodes.get(1));
    assertThat(from.inShort().egress().reason())
        .isEqualTo("pod shop/agent is on n2's network; selectors do not match it (T6)");
    var byAddress = (Answer.Explained) answer("192.168.0.1", "shop/web", web, nodes.get(0));
    assertThat(byAddress.inShort().egress().reason())
        .isEqualTo("192.168.0.1 is an address of node n1; selectors of pods do not match it (T6)");
  }

  @Test
  void t3_whoAsksAboutAnAddressOfAServiceIsToldWhatToAsk() {
    var answer = (Answer.Explained) answer("shop/web", "10.96.0.7", web);
    assertThat(answer.inShort().ingress().reason())
        .isEqualTo(
            "10.96.0.7 is not a pod of this cluster; if it is a Service's address, ask about one of"
                + " its endpoints: policies match pods' addresses after translation, never a"
                + " Service's");
    var from = (Answer.Explained) answer("10.96.0.7", "shop/web", web);
    assertThat(from.inShort().egress().reason())
        .isEqualTo("10.96.0.7 is not a pod of this cluster");
  }

  @Test
  void aPodOnNoNodeIsEnforcedNowhere() {
    var answer =
        (Answer.Explained)
            answer("shop/api", "shop/loose", api, pod("loose", "", 0, "10.1.0.9"), deny());
    assertThat(answer.inShort().ingress().reason())
        .isEqualTo("pod shop/loose is on no node, so nothing enforces policies on it");
  }

  private static Answer answer(String from, String to, ClusterObject... objects) {
    return new Explainer(new Cluster(Arrays.asList(objects)), Set.of())
        .answer(Question.parse(from, to, "tcp/80"));
  }

  private static Outcome verdict(List<ClusterObject> objects, String from, String to) {
    return new Explainer(new Cluster(objects), Set.of())
        .explain(new Flow(ip(from), ip(to), Optional.empty()))
        .verdict();
  }

  private static String reason(Answer answer) {
    return ((Answer.NoSuchPod) answer).reason();
  }

  private static IpAddress ip(String text) {
    return IpAddress.parse(text);
  }

  private static ClusterObject pod(String name, String node, long created, String... addresses) {
    return new ClusterObject.Pod(
        ObjectKey.pod("shop", name),
        ORIGIN,
        Map.of("app", name),
        node,
        Arrays.stream(addresses).map(IpAddress::parse).toList(),
        false,
        false,
        created,
        List.of());
  }

  private static ClusterObject hostNetwork(String name, String node, String address) {
    return new ClusterObject.Pod(
        ObjectKey.pod("shop", name),
        ORIGIN,
        Map.of(),
        node,
        List.of(ip(address)),
        true,
        false,
        0,
        List.of());
  }

  private static ClusterObject node(String name, String address) {
    return new ClusterObject.Node(
        ObjectKey.node(name), ORIGIN, Map.of(), List.of(ip(address)), List.of());
  }

  private static ClusterObject deny() {
    return policy(Set.of(Direction.INGRESS, Direction.EGRESS), List.of());
  }

  private static ClusterObject allow(String cidr) {
    var block = new Peer.Block(Cidr.parse(cidr), List.of());
    return policy(
        Set.of(Direction.INGRESS),
        List.of(new PolicyRule(Optional.of(List.of(block)), Optional.empty())));
  }

  private static ClusterObject policy(Set<Direction> types, List<PolicyRule> ingress) {
    return new ClusterObject.NetworkPolicy(
        new ObjectKey("networking.k8s.io", "NetworkPolicy", "shop", "allow"),
        ORIGIN,
        LabelSelector.EVERYTHING,
        types,
        ingress,
        List.of());
  }
}
