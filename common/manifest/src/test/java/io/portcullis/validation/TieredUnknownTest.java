package io.portcullis.validation;

import static io.portcullis.validation.Manifests.cluster;
import static io.portcullis.validation.Manifests.warningsShown;
import static io.portcullis.validation.Tiered.EVERY_POD;
import static io.portcullis.validation.Tiered.TCP_80;
import static io.portcullis.validation.Tiered.egress;
import static io.portcullis.validation.Tiered.egressSpec;
import static io.portcullis.validation.Tiered.ingress;
import static io.portcullis.validation.Tiered.rule;
import static io.portcullis.validation.Tiered.shown;
import static io.portcullis.validation.Tiered.withIngress;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.TieredRule;
import io.portcullis.cluster.TieredRule.Action;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A8: what is valid in a tiered policy and yet not known. */
class TieredUnknownTest {
  /** Things that the schema lets pass, as entries of a rule's ports. */
  private static final List<String> UNKNOWN_PORTS =
      List.of(
          "portNumber: {port: 80, protocol: tcp}",
          "portNumber: {port: 80, protocol: ICMP}",
          "portNumber: {port: 80, protocol: ''}",
          "portRange: {start: 90, end: 80}",
          "portRange: {start: 80, end: 80}",
          "portRange: {start: 80, end: 90, protocol: DCCP}",
          "portService: {name: x}");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{services: {}}",
        "{namespaces: {matchExpressions: [{key: a, operator: Near, values: [b]}]}}",
        "{namespaces: {matchExpressions: [{key: a, operator: In}]}}",
        "{namespaces: {matchLabels: {a: 'b c'}}}",
        "{namespaces: {matchExpressions: [{key: '', operator: Exists}]}}",
        "{pods: {podSelector: {matchExpressions: [{key: a, operator: exists}]}}}",
        "{nodes: {matchExpressions: [{key: a, operator: Gt, values: ['1']}]}}",
        "{domainNames: [example.com]}",
      })
  void a8_a10_aPeerThatIsNotKnownFailsClosed(String peer) {
    var peers = "{networks: [10.0.0.0/8]}, " + peer;
    var port = ", protocols: [{tcp: {destinationPort: {number: 80}}}]";
    for (var unknown : List.of(peer, peers, peer + ", {networks: [10.0.0.0/8]}")) {
      assertThat(egress("Accept", unknown))
          .as(unknown)
          .isEqualTo(new TieredRule("", Action.ACCEPT, PolicyRule.NOTHING));
      assertThat(rule(egressSpec("Accept", unknown, port)).match()).isEqualTo(PolicyRule.NOTHING);
    }
    for (var action : List.of("Deny", "Pass")) {
      assertThat(egress(action, peers))
          .isEqualTo(
              new TieredRule("", Action.DENY, new PolicyRule(Optional.empty(), Optional.empty())));
      assertThat(rule(egressSpec(action, peers, port)))
          .isEqualTo(
              new TieredRule(
                  "", Action.DENY, new PolicyRule(Optional.empty(), Optional.of(List.of(TCP_80)))));
    }
    assertThat(warningsShown(cluster(egressSpec("Deny", peers, ""))))
        .contains(
            "spec.egress[0].to[1]: not known as a peer: an Accept rule then matches nothing, a"
                + " Deny or Pass rule denies every peer");
  }

  @Test
  void a8_anAcceptRuleWithAnUnknownPeerLetsNobodyPassTheDenyBelowIt() {
    for (var unknown : List.of("{futurePeer: {a: b}}", "{networks: [10.0.0.0/8]}")) {
      var policy =
          shown(
              cluster(
                  withIngress(
                      "tier: Admin, priority: 1",
                      "{action: Accept, from: [%s, {namespaces: {}}]}, {action: Deny, from: [{namespaces: {}}]}"
                          .formatted(unknown))));
      assertThat(TieredFlows.all())
          .as(unknown)
          .allSatisfy(
              flow ->
                  assertThat(TieredFlows.decision(policy.ingress(), flow))
                      .isNotEqualTo(Optional.of(Action.ACCEPT)));
      assertThat(policy.ingress())
          .extracting(TieredRule::action)
          .containsExactly(Action.ACCEPT, Action.DENY);
    }
  }

  @Test
  void a8_peersOfEgressAreNotKnownInIngress() {
    for (var peer : List.of("{nodes: {}}", "{networks: [10.0.0.0/8]}", "{domainNames: [a.b]}")) {
      var spec =
          "{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: ["
              + peer
              + "]}]}";
      assertThat(shown(cluster(spec)).ingress().getFirst().match().peers()).as(peer).isEmpty();
    }
  }

  @Test
  void a8_aPortThatIsNotKnownFailsClosed() {
    for (var unknown : UNKNOWN_PORTS) {
      var ports = "{portNumber: {port: 80}}, {" + unknown + "}";
      assertThat(ingress("Allow", ports).match()).as(unknown).isEqualTo(PolicyRule.NOTHING);
      assertThat(ingress("Allow", "{" + unknown + "}").match()).isEqualTo(PolicyRule.NOTHING);
      for (var action : List.of("Deny", "Pass")) {
        assertThat(ingress(action, ports))
            .as(unknown)
            .isEqualTo(
                new TieredRule(
                    "",
                    Action.DENY,
                    new PolicyRule(Optional.of(List.of(EVERY_POD)), Optional.empty())));
      }
    }
  }

  @Test
  void a8_aProtocolThatIsNotKnownFailsClosed() {
    for (var unknown :
        List.of(
            "{icmp: {type: 8}}",
            "{tcp: {sourcePort: {number: 1}}}",
            "{tcp: {destinationPort: {service: http}}}")) {
      var protocols = ", protocols: [{tcp: {destinationPort: {number: 80}}}, " + unknown + "]";
      assertThat(rule(egressSpec("Accept", "{namespaces: {}}", protocols)).match())
          .as(unknown)
          .isEqualTo(PolicyRule.NOTHING);
      assertThat(rule(egressSpec("Pass", "{namespaces: {}}", protocols)))
          .as(unknown)
          .isEqualTo(
              new TieredRule(
                  "",
                  Action.DENY,
                  new PolicyRule(Optional.of(List.of(EVERY_POD)), Optional.empty())));
      assertThat(warningsShown(cluster(egressSpec("Pass", "{namespaces: {}}", protocols))))
          .contains(
              "spec.egress[0].protocols[1]: not known as a port or protocol: an Accept rule"
                  + " then matches nothing, a Deny or Pass rule denies every port and protocol");
    }
  }

  @Test
  void a8_whatStandsBesideWhatIsKnownIsNotKnown() {
    var spec =
        egressSpec(
            "Deny",
            "{namespaces: {}, other: {}}",
            ", protocols: [{tcp: {destinationPort: {number: 80}, flags: [SYN]}}]");
    assertThat(rule(spec).match()).isEqualTo(new PolicyRule(Optional.empty(), Optional.empty()));
    assertThat(rule(spec.replace("Deny", "Accept")).match()).isEqualTo(PolicyRule.NOTHING);
    assertThat(warningsShown(cluster(spec)))
        .contains(
            "spec.egress[0].to[0].other: unknown field, nothing reads it",
            "spec.egress[0].protocols[0].tcp.flags: unknown field, nothing reads it");
  }
}
