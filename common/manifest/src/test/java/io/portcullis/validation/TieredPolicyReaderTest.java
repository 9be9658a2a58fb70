package io.portcullis.validation;

import static io.portcullis.validation.Manifests.admin;
import static io.portcullis.validation.Manifests.baseline;
import static io.portcullis.validation.Manifests.cluster;
import static io.portcullis.validation.Manifests.errors;
import static io.portcullis.validation.Manifests.warnings;
import static io.portcullis.validation.Tiered.ALL;
import static io.portcullis.validation.Tiered.TCP_80;
import static io.portcullis.validation.Tiered.egress;
import static io.portcullis.validation.Tiered.good;
import static io.portcullis.validation.Tiered.ingress;
import static io.portcullis.validation.Tiered.numbered;
import static io.portcullis.validation.Tiered.pods;
import static io.portcullis.validation.Tiered.rule;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.LabelSelector.Operator;
import io.portcullis.cluster.LabelSelector.Requirement;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.PortSpec;
import io.portcullis.cluster.TieredRule;
import io.portcullis.cluster.TieredRule.Action;
import io.portcullis.net.Cidr;
import io.portcullis.net.Protocol;
import io.portcullis.sighting.Duplicates;
import io.portcullis.sighting.Severity;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What valid tiered policies become. */
class TieredPolicyReaderTest {
  @Test
  void a2_a4_eachKindHasItsPlaceInTheOrder() {
    var all = ", subject: {namespaces: {}}}";
    var inAdmin = good(cluster("{tier: Admin, priority: 0" + all));
    assertThat(inAdmin.key())
        .isEqualTo(new ObjectKey("policy.networking.k8s.io", "ClusterNetworkPolicy", "", "rules"));
    assertThat(place(inAdmin)).isEqualTo("ADMIN 0");
    assertThat(place(good(cluster("{tier: Baseline, priority: 1000" + all))))
        .isEqualTo("BASELINE 1000");
    assertThat(place(good(admin("{priority: 7" + all)))).isEqualTo("ADMIN 7");
    var last = good(baseline("{subject: {namespaces: {}}}"));
    assertThat(last.key().display()).isEqualTo("BaselineAdminNetworkPolicy/default");
    assertThat(place(last)).isEqualTo("BASELINE " + TieredPolicy.LAST);
  }

  /** The versions have the same types, and the server shows one object in each of them. */
  @Test
  void aClusterNetworkPolicyIsTheSameInEachVersion() {
    var inAlpha =
        cluster(
            "{tier: Admin, priority: 3, subject: {pods: {podSelector: {}}}, egress: [{action: Deny,"
                + " to: [{networks: [10.0.0.0/8]}], protocols: [{destinationNamedPort: web}]}]}");
    var inBeta = inAlpha.replace("v1alpha2", "v1beta1");
    assertThat(inBeta).isNotEqualTo(inAlpha);
    assertThat(errors(inBeta)).isEqualTo(errors(inAlpha));
    var valid = inAlpha.replace("networks: [10.0.0.0/8]", "namespaces: {}");
    assertThat(good(valid.replace("v1alpha2", "v1beta1"))).isEqualTo(good(valid));
    var both = Manifests.read(valid + "---\n" + valid.replace("v1alpha2", "v1beta1")).sightings();
    assertThat(Duplicates.resolve(both)).hasSize(1);
    assertThat(Duplicates.problems(both)).hasSize(1);
  }

  @Test
  void aVersionThatIsNotKnownIsAnErrorThatNamesTheObject() {
    var unknown = cluster("{tier: Admin, priority: 3, subject: {namespaces: {}}}");
    assertThat(Manifests.problems(Manifests.read(unknown.replace("v1alpha2", "v1"))))
        .singleElement()
        .satisfies(problem -> assertThat(problem.severity()).isEqualTo(Severity.ERROR))
        .satisfies(
            problem ->
                assertThat(problem.text())
                    .contains("ClusterNetworkPolicy", "rules", "policy.networking.k8s.io/v1"));
  }

  @Test
  void a2_rulesKeepTheirOrderAndNames() {
    var policy =
        good(
            admin(
                "{priority: 1, subject: {namespaces: {}}, ingress: ["
                    + "{name: first, action: Pass, from: [{namespaces: {}}]},"
                    + " {action: Deny, from: [{namespaces: {}}]},"
                    + " {name: last, action: Allow, from: [{namespaces: {}}]}]}"));
    assertThat(policy.ingress()).extracting(TieredRule::name).containsExactly("first", "", "last");
    assertThat(policy.egress()).isEmpty();
  }

  @Test
  void a3_theAcceptingWordIsTheKindsOwn() {
    var rules = "ingress: [{action: %s, from: [{namespaces: {}}]}]}";
    var subject = ", subject: {namespaces: {}}, ";
    for (var action : List.of("Accept", "Deny", "Pass")) {
      var policy = good(cluster("{tier: Admin, priority: 1" + subject + rules.formatted(action)));
      assertThat(policy.ingress().getFirst().action().name()).isEqualToIgnoringCase(action);
    }
    assertThat(good(admin("{priority: 1" + subject + rules.formatted("Allow"))).ingress())
        .extracting(TieredRule::action)
        .containsExactly(Action.ACCEPT);
    assertThat(good(baseline("{" + subject.substring(2) + rules.formatted("Allow"))).ingress())
        .extracting(TieredRule::action)
        .containsExactly(Action.ACCEPT);
  }

  @Test
  void a6_aSubjectIsNamespacesOrPods() {
    var shop = LabelSelector.labels(Map.of("team", "shop"));
    var web = LabelSelector.labels(Map.of("app", "web"));
    assertThat(subject("{namespaces: {matchLabels: {team: shop}}}")).isEqualTo(pods(shop, ALL));
    assertThat(
            subject(
                "{pods: {namespaceSelector: {matchLabels: {team: shop}},"
                    + " podSelector: {matchLabels: {app: web}}}}"))
        .isEqualTo(pods(shop, web));
    assertThat(subject("{namespaces: null, pods: {namespaceSelector: {}, podSelector: {}}}"))
        .isEqualTo(pods(ALL, ALL));
  }

  @Test
  void a6_inV1alpha2AnAbsentNamespaceSelectorIsEveryNamespace() {
    var spec = "{%s subject: {pods: {podSelector: {matchLabels: {app: web}}}}}";
    assertThat(good(cluster(spec.formatted("tier: Admin, priority: 1,"))).subject())
        .isEqualTo(pods(ALL, LabelSelector.labels(Map.of("app", "web"))));
    assertThat(errors(admin(spec.formatted("priority: 1,"))))
        .containsExactly("spec.subject.pods.namespaceSelector: Required value");
  }

  @Test
  void a7_peersOfEgress() {
    assertThat(
            egress(
                    "Accept",
                    "{namespaces: {matchLabels: {team: shop}}},"
                        + " {pods: {podSelector: {matchLabels: {app: web}}}},"
                        + " {nodes: {matchExpressions: [{key: gpu, operator: Exists}]}},"
                        + " {networks: [10.0.1.7/24, \"fd00::/64\"]}")
                .match())
        .isEqualTo(
            new PolicyRule(
                Optional.of(
                    List.of(
                        pods(LabelSelector.labels(Map.of("team", "shop")), ALL),
                        pods(ALL, LabelSelector.labels(Map.of("app", "web"))),
                        new Peer.Nodes(
                            new LabelSelector(
                                new java.util.TreeMap<>(),
                                List.of(new Requirement("gpu", Operator.EXISTS, List.of())))),
                        new Peer.Block(Cidr.parse("10.0.1.0/24"), List.of()),
                        new Peer.Block(Cidr.parse("fd00::/64"), List.of()))),
                Optional.empty()));
  }

  @Test
  void a9_absentPortsAreEveryPortAndProtocol() {
    assertThat(egress("Deny", "{namespaces: {}}").match().ports()).isEmpty();
  }

  @Test
  void a9_portsOfV1alpha2() {
    var rule =
        "{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Accept,"
            + " from: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {number: 80}}},"
            + " {udp: {destinationPort: {range: {start: 1, end: 65535}}}},"
            + " {sctp: {destinationPort: {number: 9}}}, {destinationNamedPort: http}]}]}";
    assertThat(good(cluster(rule)).ingress().getFirst().match().ports().orElseThrow())
        .containsExactly(
            TCP_80,
            numbered(Protocol.UDP, 1, 65535),
            numbered(Protocol.SCTP, 9, 9),
            new PortSpec.Named(Protocol.TCP, "http"),
            new PortSpec.Named(Protocol.UDP, "http"),
            new PortSpec.Named(Protocol.SCTP, "http"));
  }

  @Test
  void a9_portsOfV1alpha1AreTcpByDefault() {
    assertThat(
            ingress(
                    "Allow",
                    "{portNumber: {port: 80}}, {portNumber: {port: 53, protocol: UDP}},"
                        + " {portRange: {start: 8000, end: 8100, protocol: null}},"
                        + " {portRange: {start: 1, end: 2, protocol: SCTP}}, {namedPort: dns}")
                .match()
                .ports()
                .orElseThrow())
        .startsWith(
            TCP_80,
            numbered(Protocol.UDP, 53, 53),
            numbered(Protocol.TCP, 8000, 8100),
            numbered(Protocol.SCTP, 1, 2))
        .endsWith(
            Arrays.stream(Protocol.values())
                .map(protocol -> new PortSpec.Named(protocol, "dns"))
                .toArray(PortSpec[]::new));
  }

  @Test
  void a9_aNameThatNoPortCanHaveMatchesNothingAndIsTold() {
    assertThat(ingress("Allow", "{namedPort: \"80\"}").match().ports().orElseThrow())
        .contains(new PortSpec.Named(Protocol.TCP, "80"));
    var spec =
        "{priority: 1, subject: {namespaces: {}}, ingress: [{action: Allow, from: [{namespaces:"
            + " {}}], ports: [{namedPort: \"80\"}]}]}";
    assertThat(warnings(admin(spec)))
        .containsExactly(
            "spec.ingress[0].ports[0].namedPort: no container's port can have this name: it matches"
                + " nothing");
  }

  @Test
  void n10_fieldsThatDoNotExistAreRefused() {
    assertThat(
            errors(
                admin(
                    "{priority: 1, tier: Admin, subject: {namespaces: {matchlabels: {}}},"
                        + " ingress: [{action: Deny, from: [{namespaces: {}}], protocols: []}]}")))
        .extracting(warning -> warning.substring(0, warning.indexOf(": ")))
        .containsExactlyInAnyOrder(
            "spec.tier", "spec.subject.namespaces.matchlabels", "spec.ingress[0].protocols");
  }

  private static String place(TieredPolicy policy) {
    return policy.tier() + " " + policy.priority();
  }

  private static Peer.Pods subject(String subject) {
    return good(cluster("{tier: Admin, priority: 1, subject: " + subject + "}")).subject();
  }
}
