package io.portcullis.validation;

import static io.portcullis.validation.Manifests.errors;
import static io.portcullis.validation.Manifests.failClosed;
import static io.portcullis.validation.Manifests.goodPolicy;
import static io.portcullis.validation.Manifests.policy;
import static io.portcullis.validation.Manifests.refused;
import static io.portcullis.validation.Manifests.warnings;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.Direction;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.LabelSelector.Operator;
import io.portcullis.cluster.LabelSelector.Requirement;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.PortSpec;
import io.portcullis.net.Cidr;
import io.portcullis.net.PortRange;
import io.portcullis.net.Protocol;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkPolicyReaderTest {

  @Test
  void n1_anEmptyOrAbsentPodSelectorIsEveryPod() {
    for (var spec : List.of("{podSelector: {}}", "{}", "{podSelector: null}", "null")) {
      assertThat(goodPolicy(spec).subjects()).as(spec).isEqualTo(LabelSelector.EVERYTHING);
    }
  }

  @Test
  void n2_absentTypesAreIngressAndEgressWhereItHasRules() {
    assertThat(goodPolicy("{}").types()).containsExactly(Direction.INGRESS);
    assertThat(goodPolicy("{policyTypes: [], egress: []}").types())
        .containsExactly(Direction.INGRESS);
    assertThat(goodPolicy("{policyTypes: null, egress: [{}]}").types())
        .containsExactly(Direction.INGRESS, Direction.EGRESS);
  }

  @Test
  void n2_givenTypesAloneCount() {
    assertThat(goodPolicy("{policyTypes: [Egress], ingress: [{}]}").types())
        .containsExactly(Direction.EGRESS);
  }

  @Test
  void n4_noRulesAndTheRuleForEverythingDiffer() {
    assertThat(goodPolicy("{ingress: []}").ingress()).isEmpty();
    assertThat(goodPolicy("{ingress: null}").ingress()).isEmpty();
    var everything = new PolicyRule(Optional.empty(), Optional.empty());
    assertThat(goodPolicy("{ingress: [{}]}").ingress()).containsExactly(everything);
    assertThat(goodPolicy("{ingress: [null]}").ingress()).containsExactly(everything);
  }

  @Test
  void n5_absentAndEmptyPeersAndPortsAreAll() {
    var everything = new PolicyRule(Optional.empty(), Optional.empty());
    for (var rule : List.of("{from: [], ports: []}", "{from: null, ports: null}")) {
      assertThat(goodPolicy("{ingress: [" + rule + "]}").ingress()).containsExactly(everything);
    }
  }

  @Test
  void n6_selectorsOfOneItemHoldTogether() {
    var peers =
        goodPolicy(
                "{egress: [{to: [{podSelector: {matchLabels: {a: b}}},"
                    + " {namespaceSelector: {}},"
                    + " {podSelector: {}, namespaceSelector: {matchLabels: {c: d}}}]}]}")
            .egress()
            .getFirst()
            .peers();
    assertThat(peers.orElseThrow())
        .containsExactly(
            new Peer.Pods(Optional.empty(), Optional.of(LabelSelector.labels(Map.of("a", "b")))),
            new Peer.Pods(Optional.of(LabelSelector.EVERYTHING), Optional.empty()),
            new Peer.Pods(
                Optional.of(LabelSelector.labels(Map.of("c", "d"))),
                Optional.of(LabelSelector.EVERYTHING)));
  }

  @Test
  void n7_hostBitsAreMaskedAndTold() {
    var spec = "{ingress: [{from: [{ipBlock: {cidr: 10.0.1.7/24, except: [10.0.1.128/25]}}]}]}";
    assertThat(goodPolicy(spec).ingress().getFirst().peers().orElseThrow())
        .containsExactly(
            new Peer.Block(Cidr.parse("10.0.1.0/24"), List.of(Cidr.parse("10.0.1.128/25"))));
    assertThat(warnings(policy(spec)))
        .singleElement()
        .asString()
        .startsWith("spec.ingress[0].from[0].ipBlock.cidr: ");
  }

  @Test
  void n8_portsAreNumbersRangesOrAll() {
    var ports =
        goodPolicy(
                "{ingress: [{ports: [{port: 80}, {protocol: UDP, port: 53},"
                    + " {protocol: SCTP}, {port: 8000, endPort: 8100}, {}, null,"
                    + " {port: 80.0}, {protocol: null, port: null}, {port: 1, endPort: 65535}]}]}")
            .ingress()
            .getFirst()
            .ports();
    assertThat(ports.orElseThrow())
        .containsExactly(
            numbered(PortRange.of(Protocol.TCP, 80)),
            numbered(PortRange.of(Protocol.UDP, 53)),
            numbered(PortRange.all(Protocol.SCTP)),
            numbered(new PortRange(Protocol.TCP, 8000, 8100)),
            numbered(PortRange.all(Protocol.TCP)),
            numbered(PortRange.all(Protocol.TCP)),
            numbered(PortRange.of(Protocol.TCP, 80)),
            numbered(PortRange.all(Protocol.TCP)),
            numbered(new PortRange(Protocol.TCP, 1, 65535)));
  }

  @Test
  void n9_aStringIsAName() {
    assertThat(
            goodPolicy("{ingress: [{ports: [{port: http}, {port: a-1, protocol: UDP}]}]}")
                .ingress()
                .getFirst()
                .ports()
                .orElseThrow())
        .containsExactly(
            new PortSpec.Named(Protocol.TCP, "http"), new PortSpec.Named(Protocol.UDP, "a-1"));
    assertThat(errors(policy("{ingress: [{ports: [{port: \"80\"}]}]}")))
        .containsExactly(
            "spec.ingress[0].ports[0].port: Invalid value: \"80\": must contain at least one"
                + " letter (a-z)");
  }

  @Test
  void t9_expressionsAreRead() {
    assertThat(
            goodPolicy(
                    "{podSelector: {matchLabels: {a: null}, matchExpressions: ["
                        + "{key: k, operator: In, values: [x, z]},"
                        + " {key: k, operator: NotIn, values: [z]},"
                        + " {key: example.com/k, operator: Exists},"
                        + " {key: l, operator: DoesNotExist, values: []}]}}")
                .subjects())
        .isEqualTo(
            new LabelSelector(
                new java.util.TreeMap<>(Map.of("a", "")),
                List.of(
                    new Requirement("k", Operator.IN, List.of("x", "z")),
                    new Requirement("k", Operator.NOT_IN, List.of("z")),
                    new Requirement("example.com/k", Operator.EXISTS, List.of()),
                    new Requirement("l", Operator.DOES_NOT_EXIST, List.of()))));
  }

  /** Each with the field that the server names, and a part of its words. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ports: [{protocol: ICMP}]} => ports[0].protocol: Unsupported value: \"ICMP\": supported"
            + " values: \"TCP\", \"UDP\", \"SCTP\"",
        "{ports: [{protocol: tcp}]} => ports[0].protocol: Unsupported value: \"tcp\"",
        "{ports: [{protocol: \"\"}]} => ports[0].protocol: Unsupported value: \"\"",
        "{ports: [{port: 0}]} => ports[0].port: Invalid value: 0: must be between 1 and 65535,"
            + " inclusive",
        "{ports: [{port: 65536}]} => ports[0].port: Invalid value: 65536: must be between",
        "{ports: [{port: 99999999999}]} => ports[0].port: Invalid value: 99999999999: must be a"
            + " number of 32 bits",
        "{ports: [{port: 80.5}]} => ports[0].port: Invalid value: 80.5: must be a whole number",
        "{ports: [{port: on}]} => ports[0].port: Invalid value: true: must be a whole number",
        "{ports: [{port: \"\"}]} => ports[0].port: Invalid value: \"\": must contain only",
        "{ports: [{port: UPPER}]} => ports[0].port: Invalid value: \"UPPER\": must contain only",
        "{ports: [{port: sixteen-letters-}]} => ports[0].port: Invalid value: \"sixteen-letters-\":"
            + " must be no more than 15",
        "{ports: [{port: a--b}]} => ports[0].port: Invalid value: \"a--b\": must not contain"
            + " consecutive hyphens",
        "{ports: [{port: -a}]} => ports[0].port: Invalid value: \"-a\": must not begin or end",
        "{ports: [{port: 90, endPort: 80}]} => ports[0].endPort: Invalid value: 80: must be greater"
            + " than or equal to `port`",
        "{ports: [{port: 90, endPort: 70000}]} => ports[0].endPort: Invalid value: 70000: must be"
            + " between",
        "{ports: [{endPort: 80}]} => ports[0].endPort: Invalid value: 80: may not be specified when"
            + " `port` is not specified",
        "{ports: [{port: http, endPort: 80}]} => ports[0].endPort: Invalid value: 80: may not be"
            + " specified when `port` is non-numeric",
        "{ports: [{port: 80, endPort: \"90\"}]} => ports[0].endPort: Invalid value: \"90\": must be"
            + " a whole number",
        "{ports: {}} => ports: Invalid value: {}: must be a list",
        "{ports: [80]} => ports[0]: Invalid value: 80: must be an object",
        "{PEERS: [{}]} => PEERS[0]: Required value: must specify a peer",
        "{PEERS: [null]} => PEERS[0]: Required value: must specify a peer",
        "{PEERS: [{podSelector: null}]} => PEERS[0]: Required value: must specify a peer",
        "{PEERS: [{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}]} => PEERS[0]: Forbidden: may not"
            + " specify both ipBlock and another peer",
        "{PEERS: [{ipBlock: {cidr: 10.0.0.0/8}, namespaceSelector: {}}]} => PEERS[0]: Forbidden:",
        "{PEERS: [{ipBlock: {}}]} => PEERS[0].ipBlock.cidr: Required value",
        "{PEERS: [{ipBlock: {cidr: 10.0.0.0}}]} => PEERS[0].ipBlock.cidr: Invalid value:"
            + " \"10.0.0.0\": must be a valid CIDR value",
        "{PEERS: [{ipBlock: {cidr: 10.0.0.0/33}}]} => PEERS[0].ipBlock.cidr: Invalid value",
        "{PEERS: [{ipBlock: {cidr: 010.0.0.0/8}}]} => PEERS[0].ipBlock.cidr: Invalid value",
        "{PEERS: [{ipBlock: {cidr: \"::ffff:10.0.0.0/104\"}}]} => PEERS[0].ipBlock.cidr: Invalid",
        "{PEERS: [{ipBlock: {cidr: \"fe80::1%eth0/64\"}}]} => PEERS[0].ipBlock.cidr: Invalid value",
        "{PEERS: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/8]}}]} =>"
            + " PEERS[0].ipBlock.except[0]: Invalid value: \"10.0.0.0/8\": must be a strict subset"
            + " of `cidr`",
        "{PEERS: [{ipBlock: {cidr: 10.0.0.0/8, except: [11.0.0.0/16]}}]} =>"
            + " PEERS[0].ipBlock.except[0]: Invalid value: \"11.0.0.0/16\": must be a strict",
        "{PEERS: [{ipBlock: {cidr: 10.0.0.0/8, except: [\"fd00::/64\"]}}]} =>"
            + " PEERS[0].ipBlock.except[0]: Invalid value: \"fd00::/64\": must be a strict",
        "{PEERS: [{podSelector: {matchLabels: {NoUppercaseOrSpecialCharsLike=Equals: b}}}]} =>"
            + " PEERS[0].podSelector.matchLabels: Invalid value:"
            + " \"NoUppercaseOrSpecialCharsLike=Equals\": name part must consist of",
        "{PEERS: [{namespaceSelector: {matchLabels: {a: \"b c\"}}}]} =>"
            + " PEERS[0].namespaceSelector.matchLabels: Invalid value: \"b c\": a valid label must",
        "{PEERS: [{podSelector: {matchLabels: {a: 1}}}]} =>"
            + " PEERS[0].podSelector.matchLabels[a]: Invalid value: 1: must be a string; write it in quotes",
        "{PEERS: [{podSelector: {matchExpressions: [{key: a, operator: In}]}}]} =>"
            + " PEERS[0].podSelector.matchExpressions[0].values: Required value: must be specified"
            + " when `operator` is 'In' or 'NotIn'",
        "{PEERS: [{podSelector: {matchExpressions: [{key: a, operator: Exists, values: [x]}]}}]} =>"
            + " PEERS[0].podSelector.matchExpressions[0].values: Forbidden: may not be specified",
        "{PEERS: [{podSelector: {matchExpressions: [{key: a, operator: in, values: [x]}]}}]} =>"
            + " PEERS[0].podSelector.matchExpressions[0].operator: Invalid value: \"in\": not a"
            + " valid selector operator",
        "{PEERS: [{podSelector: {matchExpressions: [{operator: Exists}]}}]} =>"
            + " PEERS[0].podSelector.matchExpressions[0].key: Invalid value: \"\": name part must",
        "{PEERS: [{podSelector: {matchExpressions: [{key: a, operator: In, values: [\"x y\"]}]}}]}"
            + " => PEERS[0].podSelector.matchExpressions[0].values[0]: Invalid value: \"x y\"",
        "{PEERS: [{podSelector: []}]} => PEERS[0].podSelector: Invalid value: []: must be an object",
      })
  void n10_aRuleThatIsNotValidIsNamedAndMatchesNothing(String example) {
    var rule = example.substring(0, example.indexOf(" => "));
    var expected = example.substring(example.indexOf(" => ") + 4).strip();
    for (var direction : List.of("ingress/from", "egress/to")) {
      var section = direction.substring(0, direction.indexOf('/'));
      var peers = direction.substring(direction.indexOf('/') + 1);
      var spec =
          "{podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress, Egress], %s: [{}, %s]}"
              .formatted(section, rule.replace("PEERS", peers));
      assertThat(errors(policy(spec)))
          .first()
          .asString()
          .startsWith("spec." + section + "[1]." + expected.replace("PEERS", peers));
      var form = failClosed(policy(spec));
      assertThat(form.subjects()).isEqualTo(LabelSelector.labels(Map.of("app", "web")));
      assertThat(form.types()).hasSize(2);
      assertThat(section.equals("ingress") ? form.ingress() : form.egress())
          .containsExactly(new PolicyRule(Optional.empty(), Optional.empty()), PolicyRule.NOTHING);
    }
  }

  @Test
  void n10_allViolationsAreToldAtOnce() {
    assertThat(
            errors(
                policy(
                    "{podSelector: {matchLabels: {a: \"b c\"}}, policyTypes: [Foo],"
                        + " ingress: [{ports: [{port: 0}, {port: 70000, endPort: 1}]}],"
                        + " egress: [{to: [{}]}]}")))
        .extracting(error -> error.substring(0, error.indexOf(": ")))
        .containsExactly(
            "spec.podSelector.matchLabels",
            "spec.ingress[0].ports[0].port",
            "spec.ingress[0].ports[1].port",
            "spec.ingress[0].ports[1].endPort",
            "spec.egress[0].to[0]",
            "spec.policyTypes[0]");
  }

  @Test
  void n10_typesThatDoNotExistAreRefused() {
    assertThat(errors(policy("{policyTypes: [Ingress, foo]}")))
        .containsExactly(
            "spec.policyTypes[1]: Unsupported value: \"foo\": supported values: \"Ingress\","
                + " \"Egress\"");
    assertThat(errors(policy("{policyTypes: [Ingress, Egress, Ingress]}")))
        .containsExactly(
            "spec.policyTypes: Invalid value: [\"Ingress\",\"Egress\",\"Ingress\"]: may not specify"
                + " more than two policyTypes");
    assertThat(errors(policy("{policyTypes: [foo, Egress, Ingress]}")))
        .singleElement()
        .asString()
        .endsWith("may not specify more than two policyTypes");
  }

  @Test
  void n10_aDirectionThatCannotBeReadMayBeAny() {
    for (var types : List.of("[foo]", "[Ingress, foo]", "[Egress, 5]", "[null]", "Ingress", "{}")) {
      assertThat(failClosed(policy("{policyTypes: " + types + "}")).types())
          .as(types)
          .containsExactly(Direction.INGRESS, Direction.EGRESS);
    }
    assertThat(failClosed(policy("{policyTypes: [Egress, Egress, Egress]}")).types())
        .containsExactly(Direction.EGRESS);
  }

  @Test
  void n10_withoutReadableSubjectsNothingStandsIn() {
    for (var spec :
        List.of("{podSelector: {matchLabels: {a: \"b c\"}}}", "{podSelector: all}", "[]")) {
      assertThat(refused(policy(spec)).failClosed()).as(spec).isEmpty();
    }
  }

  @Test
  void n10_directionsAreThoseOfTheServersDefaulting() {
    assertThat(failClosed(policy("{ingress: 5}")).types()).containsExactly(Direction.INGRESS);
    assertThat(failClosed(policy("{egress: 5}")).types())
        .containsExactly(Direction.INGRESS, Direction.EGRESS);
    assertThat(failClosed(policy("{egress: [5]}")).egress()).containsExactly(PolicyRule.NOTHING);
  }

  @Test
  void n10_fieldsThatDoNotExistAreRefused() {
    assertThat(
            errors(
                policy(
                    "{podselector: {}, podSelector: {matchlabels: {}}, ingress: [{From: [],"
                        + " ports: [{Port: 80}], from: [{podSelector: {}, ns: {}}]}],"
                        + " nothing: null}")))
        .extracting(warning -> warning.substring(0, warning.indexOf(": ")))
        .containsExactlyInAnyOrder(
            "spec.podselector",
            "spec.nothing",
            "spec.podSelector.matchlabels",
            "spec.ingress[0].From",
            "spec.ingress[0].ports[0].Port",
            "spec.ingress[0].from[0].ns");
  }

  private static PortSpec numbered(PortRange range) {
    return new PortSpec.Numbered(range);
  }
}
