package io.portcullis.validation;

import static io.portcullis.validation.Manifests.admin;
import static io.portcullis.validation.Manifests.cluster;
import static io.portcullis.validation.Manifests.errors;
import static io.portcullis.validation.Manifests.failClosed;
import static io.portcullis.validation.Manifests.legacy;
import static io.portcullis.validation.Manifests.object;
import static io.portcullis.validation.Manifests.policy;
import static io.portcullis.validation.Manifests.refused;
import static io.portcullis.validation.Manifests.shown;
import static io.portcullis.validation.Manifests.warnings;
import static io.portcullis.validation.Manifests.warningsShown;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.TieredRule;
import io.portcullis.cluster.TieredRule.Action;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** N10: what is written and nothing reads is refused in manifests, and opens nothing. */
class UnknownFieldsTest {
  private static final TieredRule DENIES_ALL =
      new TieredRule("", Action.DENY, new PolicyRule(Optional.empty(), Optional.empty()));

  /** A rule, and what is told of it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{form: [{podSelector: {}}]} | form: unknown field; did you mean from?",
        "{from: [{podSelector: {}}], prots: [{port: 80}]} | prots: unknown field; did you mean ports?",
        "{from: [{podSelector: {matchLables: {a: b}}}]}"
            + " | from[0].podSelector.matchLables: unknown field; did you mean matchLabels?",
        "{from: [{podselector: {}, namespaceSelector: {}}]}"
            + " | from[0].podselector: unknown field; did you mean podSelector?",
        "{from: [{ipBlock: {cidr: 10.0.0.0/8, exept: [10.1.0.0/16]}}]}"
            + " | from[0].ipBlock.exept: unknown field; did you mean except?",
        "{ports: [{prot: 80}]} | ports[0].prot: unknown field; did you mean port?",
        "{from: [{podSelector: {}}], other: null} | other: unknown field",
      })
  void n10_aRuleWithAnUnknownFieldMatchesNothing(String rule, String error) {
    var text = policy("{podSelector: {}, ingress: [{}, " + rule + "]}");
    assertThat(errors(text)).containsExactly("spec.ingress[1]." + error);
    assertThat(failClosed(text).ingress())
        .containsExactly(new PolicyRule(Optional.empty(), Optional.empty()), PolicyRule.NOTHING);
  }

  @Test
  void n10_aMisspeltSelectorClosesAllPodsThatItMayMean() {
    for (var spec :
        List.of(
            "{podselector: {matchLabels: {app: db}}, ingress: [{}]}",
            "{podSelector: {matchLables: {app: db}}, ingress: [{}]}")) {
      var form = failClosed(policy(spec));
      assertThat(form.subjects()).as(spec).isEqualTo(LabelSelector.EVERYTHING);
      assertThat(form.ingress()).as("who may was not meant for all these pods").isEmpty();
      assertThat(form.types()).contains(Direction.INGRESS);
    }
    var root = policy("{podSelector: {}, ingress: [{}]}").replace("spec:", "sepc:");
    assertThat(errors(root)).containsExactly("sepc: unknown field; did you mean spec?");
    assertThat(failClosed(root).types()).containsExactlyInAnyOrder(Direction.values());
    assertThat(failClosed(root).ingress()).isEmpty();
  }

  @Test
  void n10_aMisspeltDirectionIsolatesBoth() {
    var text = policy("{podSelector: {}, policytypes: [Egress], ingress: [{}]}");
    assertThat(errors(text))
        .containsExactly("spec.policytypes: unknown field; did you mean policyTypes?");
    assertThat(failClosed(text).types()).containsExactlyInAnyOrder(Direction.values());
    assertThat(failClosed(text).ingress()).as("good rules stay").hasSize(1);
    var stated = policy("{podSelector: {}, policyTypes: [Ingress], egres: [{}]}");
    assertThat(failClosed(stated).types()).containsExactly(Direction.INGRESS);
  }

  @Test
  void n10_v1beta1HasNoOtherFieldsEither() {
    var text =
        legacy("{podSelector: {}, ingress: [{}, {from: [{podSelector: {matchLables: {}}}]}]}");
    assertThat(failClosed(text).ingress())
        .containsExactly(new PolicyRule(Optional.empty(), Optional.empty()), PolicyRule.NOTHING);
  }

  @Test
  void n10_aTieredPolicyWithAnUnknownFieldDeniesWhatItMayHaveDenied() {
    var rules =
        "{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: %s, %s: [{namespaces: {}}], protcols: []}]}";
    assertThat(tiered(cluster(rules.formatted("Accept", "from"))).ingress())
        .containsExactly(new TieredRule("", Action.ACCEPT, PolicyRule.NOTHING));
    assertThat(tiered(cluster(rules.formatted("Deny", "form"))).ingress())
        .containsExactly(DENIES_ALL);
    var misspelt =
        tiered(
            admin(
                "{priority: 1, subject: {namespaces: {}}, ingress: [{action: Allow, from: [{namespaces: {}}]}], egres: []}"));
    assertThat(misspelt.ingress()).extracting(TieredRule::action).containsExactly(Action.ACCEPT);
    assertThat(misspelt.egress()).as("what was meant is not known").containsExactly(DENIES_ALL);
    var spec = "{priority: 1, subject: {namespaces: {}}, ingress: [], %s}";
    assertThat(tiered(admin(spec.formatted("outgoing: [{}]"))).egress())
        .containsExactly(DENIES_ALL);
    assertThat(tiered(admin(spec.formatted("comment: a"))).egress()).isEmpty();
    var outside = admin("{priority: 1, subject: {namespaces: {}}, ingress: []}") + "egress: [{}]\n";
    assertThat(tiered(outside).egress()).as("indented wrongly").containsExactly(DENIES_ALL);
    assertThat(tiered(admin(spec.formatted("tier: Admin, egres: 1"))).egress())
        .containsExactly(DENIES_ALL);
    assertThat(
            errors(cluster(rules.formatted("Deny", "from").replace("namespaces: {}", "nodes: {}"))))
        .contains("spec.ingress[0].from[0].nodes: unknown field");
  }

  @Test
  void a8_anApiServerMayKnowMorePeersAndPorts() {
    for (var peer :
        List.of(
            "{namespaces: {}, other: {}}",
            "{pods: {podSelector: {}, serviceAccountSelector: {}}}",
            "{namespaces: {matchFields: {}}}")) {
      var text =
          cluster(
              "{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: %s, from: [%s]}]}"
                  .formatted("Accept", peer));
      assertThat(shown(TieredPolicy.class, text).ingress().getFirst().match())
          .as(peer)
          .isEqualTo(PolicyRule.NOTHING);
      assertThat(shown(TieredPolicy.class, text.replace("Accept", "Deny")).ingress())
          .as(peer)
          .containsExactly(DENIES_ALL);
    }
    for (var rule :
        List.of(
            "{from: [{podSelector: {}, serviceAccountSelector: {}}]}",
            "{ports: [{port: 80, probability: 1}]}")) {
      var text = policy("{podSelector: {}, ingress: [{}, " + rule + "]}");
      assertThat(shown(NetworkPolicy.class, text).ingress().getLast())
          .as(rule)
          .isEqualTo(PolicyRule.NOTHING);
      assertThat(warningsShown(text))
          .contains(
              "spec.ingress[1]: not all of its peers and ports are understood: the rule matches"
                  + " nothing");
    }
  }

  @Test
  void fromAnApiServerAnUnknownFieldElsewhereIsAWarning() {
    var text = policy("{podSelector: {}, priority: 1, ingress: [{comment: a}]}");
    assertThat(shown(NetworkPolicy.class, text).ingress())
        .containsExactly(new PolicyRule(Optional.empty(), Optional.empty()));
    assertThat(warningsShown(text))
        .containsExactlyInAnyOrder(
            "spec.priority: unknown field, nothing reads it",
            "spec.ingress[0].comment: unknown field, nothing reads it");
    assertThat(shown(Pod.class, object("Pod", "{name: a, future: b}", "")).labels()).isEmpty();
  }

  @Test
  void n10_metadataOfEveryKindIsStrict() {
    for (var kind : List.of("Pod", "Namespace", "Node")) {
      assertThat(errors(object(kind, "{name: a, lables: {x: y}}", "")))
          .containsExactly("metadata.lables: unknown field; did you mean labels?");
      assertThat(
              errors(
                  object(
                      kind,
                      "{name: a, creationTimestamp: null, managedFields: [{manager: m}], selfLink: /a, labels: null}",
                      "status: {}")))
          .isEmpty();
    }
    assertThat(
            errors(policy("{podSelector: {}}").replace("name: web", "name: web, anotations: {}")))
        .containsExactly("metadata.anotations: unknown field; did you mean annotations?");
  }

  @Test
  void n10_whatIsReadOfAPodIsStrictAndAllElseIsNot() {
    var text =
        object(
            "Pod",
            "{name: a}",
            """
            spec:
              hostnetwork: true
              nodName: n1
              future: 1
              hostPID: true
              hostname: x
              containers: [{name: a, portz: [], ports: [{name: http, containerport: 80, containerPort: 80}]}]
            status: {podIPS: [], podIPs: [{ip: 10.0.0.1, family: 4}]}
            """);
    assertThat(errors(text))
        .containsExactlyInAnyOrder(
            "spec.hostnetwork: unknown field; did you mean hostNetwork?",
            "spec.nodName: unknown field; did you mean nodeName?",
            "spec.containers[0].portz: unknown field; did you mean ports?",
            "spec.containers[0].ports[0].containerport: unknown field; did you mean containerPort?",
            "status.podIPS: unknown field; did you mean podIPs?",
            "status.podIPs[0].family: unknown field");
    assertThat(warnings(object("Node", "{name: a}", "spec: {podCIDRS: []}")))
        .containsExactly("spec.podCIDRS: unknown field, nothing reads it; did you mean podCIDRs?");
  }

  @Test
  void n10_aRefusedPodIsClosedWhereItIs() {
    var text =
        object(
            "Pod",
            "{name: a, labels: {app: a b}}",
            """
            spec: {nodeName: n1, containers: [{ports: [{name: http, containerPort: 80}]}]}
            status: {podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}, {ip: nowhere}]}
            """);
    var form = (Pod) refused(text).failClosed().orElseThrow();
    assertThat(form.origin().failClosed()).isTrue();
    assertThat(form.node()).isEqualTo("n1");
    assertThat(form.addresses()).extracting(Object::toString).containsExactly("10.0.0.1");
    assertThat(form.labels()).isEmpty();
    assertThat(form.ports()).isEmpty();
    assertThat(((Pod) refused(text.replace("nodeName", "nodename")).failClosed().get()).node())
        .isEqualTo("n1");
    assertThat(refused(text.replace("nodeName: n1", "nodeName: a/b")).failClosed()).isEmpty();
    assertThat(refused(text.replace("10.0.0.1", "here")).failClosed()).isEmpty();
    for (var host : List.of("hostnetwork: true", "hostNetwork: 'yes'")) {
      var onHost = refused(text.replace("nodeName:", host + ", nodeName:")).failClosed();
      assertThat(((Pod) onHost.orElseThrow()).hostNetwork()).as("a node is not closed").isTrue();
    }
  }

  private static TieredPolicy tiered(String text) {
    return (TieredPolicy) Manifests.withoutReasons(refused(text).failClosed().orElseThrow());
  }
}
