package io.portcullis.validation;

import static io.portcullis.validation.Manifests.errors;
import static io.portcullis.validation.Manifests.failClosed;
import static io.portcullis.validation.Manifests.good;
import static io.portcullis.validation.Manifests.legacy;
import static io.portcullis.validation.Manifests.object;
import static io.portcullis.validation.Manifests.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject.Namespace;
import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.PortSpec;
import io.portcullis.net.PortRange;
import io.portcullis.net.Protocol;
import io.portcullis.sighting.Sighting;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The namespace annotation and extensions/v1beta1, as Kubernetes 1.3 wrote them. */
class LegacyTest {
  private static final String NAMESPACE_OF_1_3 =
      """
      kind: Namespace
      apiVersion: v1
      metadata:
        annotations:
          net.beta.kubernetes.io/network-policy: |
            {
              "ingress": {
                "isolation": "DefaultDeny"
              }
            }
      """;

  private static final String POLICY_OF_1_3 =
      """
      apiVersion: extensions/v1beta1
      kind: NetworkPolicy
      metadata:
       name: test-network-policy
      spec:
       podSelector:
        matchLabels:
          role: db
       ingress:
        - from:
           - podSelector:
              matchLabels:
               role: frontend
          ports:
           - protocol: tcp
             port: 6379
      """;

  @Test
  void l6_theNamespaceAsWrittenIn13LacksItsName() {
    assertThat(read(NAMESPACE_OF_1_3).sightings())
        .singleElement()
        .isInstanceOfSatisfying(
            Sighting.Unreadable.class,
            unreadable ->
                assertThat(unreadable.problem().text())
                    .isEqualTo(
                        "some/file.yaml: Namespace/?: metadata.name: Required value: name or"
                            + " generateName is required"));
  }

  @Test
  void l1_theNamespaceOf13WithANameIsIsolated() {
    var namespace =
        good(Namespace.class, NAMESPACE_OF_1_3.replace("metadata:", "metadata:\n  name: shop"));
    assertThat(namespace.key()).isEqualTo(ObjectKey.namespace("shop"));
    assertThat(namespace.ingressDefaultDeny()).isTrue();
  }

  @Test
  void l5_thePolicyOf13IsTakenAsWritten() {
    var policy = good(NetworkPolicy.class, POLICY_OF_1_3);
    assertThat(policy.key())
        .isEqualTo(new ObjectKey("extensions", "NetworkPolicy", "default", "test-network-policy"));
    assertThat(policy.legacy()).isTrue();
    assertThat(policy.types()).isEmpty();
    assertThat(policy.subjects()).isEqualTo(LabelSelector.labels(Map.of("role", "db")));
    assertThat(policy.ingress())
        .containsExactly(
            new PolicyRule(
                Optional.of(
                    List.of(
                        new Peer.Pods(
                            Optional.empty(),
                            Optional.of(LabelSelector.labels(Map.of("role", "frontend")))))),
                Optional.of(List.of(new PortSpec.Numbered(PortRange.of(Protocol.TCP, 6379))))));
  }

  @Test
  void l7_aPolicyOfV1AndOneOfV1beta1WithOneNameAreTwoObjects() {
    var both =
        read(
            POLICY_OF_1_3
                + "---\n"
                + """
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: test-network-policy}
                spec: {podSelector: {}}
                """);
    assertThat(both.sightings()).allMatch(Sighting.Valid.class::isInstance);
    assertThat(both.sightings())
        .extracting(sighting -> sighting.key().orElseThrow().group())
        .containsExactlyInAnyOrder("extensions", "networking.k8s.io");
  }

  @Test
  void l1_anAnnotationWithoutIsolationIsReadable() {
    for (var json :
        List.of(
            "{}",
            "{\"ingress\": {}}",
            "{\"ingress\": null}",
            "{\"ingress\": {\"isolation\": null}}")) {
      assertThat(good(Namespace.class, annotated(json)).ingressDefaultDeny()).as(json).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "null",
        "[]",
        "\"DefaultDeny\"",
        "{\"ingress\": {\"isolation\": \"defaultdeny\"}}",
        "{\"ingress\": {\"isolation\": \"Whatever\"}}",
        "{\"ingress\": {\"isolation\": true}}",
        "{\"ingress\": {\"isolation\": \"DefaultDeny\"}} {}",
        "{\"ingress\": {\"isolation\": \"DefaultDeny\"",
        "{\"ingress\": {\"isolation\": \"x\", \"isolation\": \"DefaultDeny\"}}",
        "{\"Ingress\": {\"isolation\": \"DefaultDeny\"}}",
        "{\"ingress\": \"DefaultDeny\"}",
      })
  void l2_anotherValueIsReportedOnTheNamespace(String json) {
    assertThat(read(annotated(json)).sightings())
        .singleElement()
        .isInstanceOfSatisfying(
            Sighting.UnknownIsolation.class,
            unknown -> {
              assertThat(unknown.namespace().labels()).containsEntry("team", "a");
              assertThat(unknown.namespace().ingressDefaultDeny()).isFalse();
              assertThat(unknown.problems())
                  .singleElement()
                  .asString()
                  .contains("Namespace/shop")
                  .contains("metadata.annotations[net.beta.kubernetes.io/network-policy]");
            });
  }

  @Test
  void l4_presentButEmptyMatchesNothingAndAbsentAll() {
    var rules =
        good(
                NetworkPolicy.class,
                legacy("{podSelector: {}, ingress: [{from: [], ports: []}, {}, {from: null}]}"))
            .ingress();
    var everything = new PolicyRule(Optional.empty(), Optional.empty());
    assertThat(rules)
        .containsExactly(
            new PolicyRule(Optional.of(List.of()), Optional.of(List.of())), everything, everything);
  }

  @Test
  void l4_aPeerIsOneOfTwo() {
    var rule = "{podSelector: {}, ingress: [{}, {from: [%s]}]}";
    assertThat(errors(legacy(rule.formatted("{podSelector: {}, namespaceSelector: {}}"))))
        .containsExactly(
            "spec.ingress[1].from[0]: Forbidden: may not specify more than 1 from type");
    assertThat(errors(legacy(rule.formatted("{}"))))
        .containsExactly("spec.ingress[1].from[0]: Required value: must specify a from type");
    assertThat(errors(legacy(rule.formatted("{ipBlock: {cidr: 10.0.0.0/8}}"))))
        .containsExactly(
            "spec.ingress[1].from[0].ipBlock: unknown field",
            "spec.ingress[1].from[0]: Required value: must specify a from type");
    assertThat(failClosed(legacy(rule.formatted("{}"))).ingress())
        .containsExactly(new PolicyRule(Optional.empty(), Optional.empty()), PolicyRule.NOTHING);
  }

  @Test
  void l4_whatV1AddedIsNoFieldOfIt() {
    assertThat(errors(legacy("{podSelector: {}, policyTypes: [Egress], egress: []}")))
        .containsExactlyInAnyOrder("spec.policyTypes: unknown field", "spec.egress: unknown field");
  }

  @Test
  void l5_protocolsAreReadInAnyCase() {
    var spec = "{podSelector: {}, ingress: [{ports: [{protocol: %s, port: redis}]}]}";
    for (var protocol : List.of("UDP", "udp", "Udp")) {
      assertThat(
              good(NetworkPolicy.class, legacy(spec.formatted(protocol)))
                  .ingress()
                  .getFirst()
                  .ports()
                  .orElseThrow())
          .containsExactly(new PortSpec.Named(Protocol.UDP, "redis"));
    }
    assertThat(errors(legacy(spec.formatted("icmp"))))
        .containsExactly(
            "spec.ingress[0].ports[0].protocol: Unsupported value: \"icmp\": supported values:"
                + " \"TCP\", \"UDP\", \"SCTP\"");
  }

  @Test
  void l6_whatIsMandatoryIsNamed() {
    assertThat(texts(POLICY_OF_1_3.replace("apiVersion: extensions/v1beta1\n", "")))
        .containsExactly(
            "some/file.yaml: NetworkPolicy/default/test-network-policy: apiVersion: Required"
                + " value");
    assertThat(texts(POLICY_OF_1_3.replace("kind: NetworkPolicy\n", "")))
        .containsExactly("some/file.yaml: ?/default/test-network-policy: kind: Required value");
    assertThat(texts(POLICY_OF_1_3.replace(" name: test-network-policy", " labels: {}")))
        .containsExactly(
            "some/file.yaml: NetworkPolicy/default/?: metadata.name: Required value: name or"
                + " generateName is required");
    for (var spec : List.of("{}", "null", "{podSelector: null}", "{ingress: []}")) {
      assertThat(errors(legacy(spec)))
          .as(spec)
          .containsExactly("spec.podSelector: Required value: must specify a podSelector");
    }
  }

  private static List<String> texts(String text) {
    return Manifests.problems(read(text)).map(problem -> problem.text()).toList();
  }

  private static String annotated(String json) {
    return object(
        "Namespace",
        "{name: shop, labels: {team: a}, annotations: {net.beta.kubernetes.io/network-policy: '"
            + json
            + "'}}",
        "");
  }
}
