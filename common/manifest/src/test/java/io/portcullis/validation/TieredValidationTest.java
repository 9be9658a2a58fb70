package io.portcullis.validation;

import static io.portcullis.validation.Manifests.admin;
import static io.portcullis.validation.Manifests.baseline;
import static io.portcullis.validation.Manifests.cluster;
import static io.portcullis.validation.Manifests.errors;
import static io.portcullis.validation.Manifests.refused;
import static io.portcullis.validation.Tiered.failClosed;
import static io.portcullis.validation.Tiered.many;
import static io.portcullis.validation.Tiered.withIngress;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.TieredRule;
import io.portcullis.cluster.TieredRule.Action;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the CustomResourceDefinitions of tiered policies refuse. */
class TieredValidationTest {
  private static final String EVERY_POD = "{namespaces: {}}";
  private static final TieredRule DENY_ALL =
      new TieredRule("", Action.DENY, new PolicyRule(Optional.empty(), Optional.empty()));
  private static final TieredRule NOTHING = new TieredRule("", Action.ACCEPT, PolicyRule.NOTHING);

  /** Peers and ports of a v1alpha2 rule that is not valid, and what is said of it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "to: [{}] => to[0]: Invalid value: 0: spec.egress[1].to[0] in body should have at least 1"
            + " properties",
        "to: [{namespaces: {}, nodes: {}}] => to[0]: Invalid value: 2: spec.egress[1].to[0] in body"
            + " should have at most 1 properties",
        "to: [null] => to[0]: Invalid value: null: must be an object",
        "to: [5] => to[0]: Invalid value: 5: must be an object",
        "to: [] => to: Invalid value: 0: spec.egress[1].to in body should have at least 1 items",
        "to: null => to: Required value",
        "to: {} => to: Invalid value: {}: must be a list",
        "to: [{namespaces: all}] => to[0].namespaces: Invalid value: \"all\": must be an object",
        "to: [{namespaces: {matchLabels: {a: 1}}}] => to[0].namespaces.matchLabels[a]: Invalid"
            + " value: 1: must be a string; write it in quotes",
        "to: [{namespaces: {matchLabels: {a: null}}}] => to[0].namespaces.matchLabels[a]: Invalid"
            + " value: null: must be a string",
        "to: [{namespaces: {matchExpressions: [{key: a}]}}] =>"
            + " to[0].namespaces.matchExpressions[0].operator: Required value",
        "to: [{nodes: {matchExpressions: [{operator: Exists}]}}] =>"
            + " to[0].nodes.matchExpressions[0].key: Required value",
        "to: [{nodes: {matchExpressions: [{key: a, operator: In, values: [1]}]}}] =>"
            + " to[0].nodes.matchExpressions[0].values[0]: Invalid value: 1: must be a string; write it in quotes",
        "to: [{pods: {namespaceSelector: {}}}] => to[0].pods.podSelector: Required value",
        "to: [{pods: []}] => to[0].pods: Invalid value: []: must be an object",
        "to: [{networks: []}] => to[0].networks: Invalid value: 0: spec.egress[1].to[0].networks in"
            + " body should have at least 1 items",
        "to: [{networks: [10.0.0.0]}] => to[0].networks[0]: Invalid value: \"10.0.0.0\": Invalid"
            + " CIDR format provided",
        "to: [{networks: [010.0.0.0/8]}] => to[0].networks[0]: Invalid value: \"010.0.0.0/8\":"
            + " Invalid CIDR",
        "to: [{networks: ['::ffff:10.0.0.0/104']}] => to[0].networks[0]: Invalid value:",
        "to: [{networks: ['0000:0000:0000:0000:0000:0000:0000:0000:0000/64']}] => to[0].networks[0]:"
            + " Too long: may not be more than 43 bytes",
        "to: [{networks: [10.0.0.0/8, 10.0.0.0/8]}] => to[0].networks[1]: Duplicate value:"
            + " \"10.0.0.0/8\"",
        "to: [{domainNames: ['a*.example.com']}] => to[0].domainNames[0]: Invalid value:"
            + " \"a*.example.com\": spec.egress[1].to[0].domainNames[0] in body should match '^",
        "to: [{domainNames: [localhost]}] => to[0].domainNames[0]: Invalid value: \"localhost\"",
        "to: [{domainNames: [a.b, a.b]}] => to[0].domainNames[1]: Duplicate value: \"a.b\"",
        "protocols: [] => protocols: Invalid value: 0: spec.egress[1].protocols in body should have"
            + " at least 1 items",
        "protocols: [{}] => protocols[0]: Invalid value: 0: spec.egress[1].protocols[0] in body"
            + " should have at least 1 properties",
        "protocols: [null] => protocols[0]: Invalid value: null: must be an object",
        "protocols: [tcp] => protocols[0]: Invalid value: \"tcp\": must be an object",
        "protocols: [{tcp: {}}] => protocols[0].tcp: Invalid value: 0: spec.egress[1].protocols[0].tcp"
            + " in body should have at least 1 properties",
        "protocols: [{tcp: {destinationPort: {number: 1}}, udp: {destinationPort: {number: 1}}}] =>"
            + " protocols[0]: Invalid value: 2: spec.egress[1].protocols[0] in body should have at"
            + " most 1 properties",
        "protocols: [{udp: {destinationPort: {}}}] => protocols[0].udp.destinationPort: Invalid value:"
            + " 0: ",
        "protocols: [{udp: {destinationPort: 53}}] => protocols[0].udp.destinationPort: Invalid value:"
            + " 53: must be an object",
        "protocols: [{tcp: {destinationPort: {number: 0}}}] =>"
            + " protocols[0].tcp.destinationPort.number: Invalid value: 0:"
            + " spec.egress[1].protocols[0].tcp.destinationPort.number in body should be greater than"
            + " or equal to 1",
        "protocols: [{tcp: {destinationPort: {number: 65536}}}] =>"
            + " protocols[0].tcp.destinationPort.number: Invalid value: 65536:"
            + " spec.egress[1].protocols[0].tcp.destinationPort.number in body should be less than or"
            + " equal to 65535",
        "protocols: [{tcp: {destinationPort: {number: \"80\"}}}] =>"
            + " protocols[0].tcp.destinationPort.number: Invalid value: \"80\": must be a whole number",
        "protocols: [{tcp: {destinationPort: {number: 1, range: {start: 1, end: 2}}}}] =>"
            + " protocols[0].tcp.destinationPort: Invalid value: 2: ",
        "protocols: [{sctp: {destinationPort: {range: {start: 1}}}}] =>"
            + " protocols[0].sctp.destinationPort.range.end: Required value",
        "protocols: [{tcp: {destinationPort: {range: {start: 80, end: 80}}}}] =>"
            + " protocols[0].tcp.destinationPort.range: Invalid value: \"object\": Start port must be"
            + " less than End port",
        "protocols: [{destinationNamedPort: 80}] => protocols[0].destinationNamedPort: Invalid value:"
            + " 80: must be a string; write it in quotes",
        "to: [{namespaces: {}}, {nodes: {}}], protocols: [{destinationNamedPort: http}] => :"
            + " Invalid value: \"object\": networks/nodes/domainNames peer cannot be set with"
            + " namedPorts since there are no namedPorts for networks/nodes/domainNames",
        "action: Allow => action: Unsupported value: \"Allow\": supported values: \"Accept\","
            + " \"Deny\", \"Pass\"",
        "action: null => action: Required value",
        "action: [Deny] => action: Invalid value: [\"Deny\"]: must be a string",
      })
  void n10_aRuleThatTheSchemaRefusesFailsClosed(String example) {
    var broken = example.substring(0, example.indexOf(" => "));
    var expected = example.substring(example.indexOf(" => ") + 4).strip();
    var separator = expected.startsWith(":") ? "" : ".";
    for (var action : List.of("Accept", "Deny", "Pass")) {
      var rule = rule(action, broken);
      assertThat(errors(cluster(egress("{action: Accept, to: [" + EVERY_POD + "]}, " + rule))))
          .first()
          .asString()
          .startsWith("spec.egress[1]" + separator + expected);
      var whole = "{action: Accept, to: [" + EVERY_POD + "]}";
      var form = failClosed(cluster(egress(whole + ", " + rule + ", " + whole)));
      assertThat(form.egress())
          .hasSize(3)
          .element(1)
          .isEqualTo(action.equals("Accept") && !broken.startsWith("action:") ? NOTHING : DENY_ALL);
      assertThat(form.egress().getFirst()).isEqualTo(form.egress().getLast());
      assertThat(form.ingress()).isEmpty();
    }
  }

  /** A rule of this action with one or two of its fields replaced. */
  private static String rule(String action, String broken) {
    return "{%s%s%s}"
        .formatted(
            broken.startsWith("action:") ? "" : "action: " + action + ", ",
            broken.startsWith("to:") ? "" : "to: [" + EVERY_POD + "], ",
            broken);
  }

  /** Ports of v1alpha1 that are not valid. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{portNumber: {}} => portNumber.port: Required value",
        "{portNumber: {port: 70000}} => portNumber.port: Invalid value: 70000: ",
        "{portNumber: {port: 80, protocol: 6}} => portNumber.protocol: Invalid value: 6: must be a"
            + " string",
        "{portNumber: 80} => portNumber: Invalid value: 80: must be an object",
        "{portRange: {start: 1}} => portRange.end: Required value",
        "{portRange: {end: 1}} => portRange.start: Required value",
        "{portRange: {start: 0, end: 1}} => portRange.start: Invalid value: 0: ",
        "{namedPort: 80} => namedPort: Invalid value: 80: must be a string; write it in quotes",
      })
  void n10_portsOfV1alpha1(String example) {
    var port = example.substring(0, example.indexOf(" => "));
    var expected = example.substring(example.indexOf(" => ") + 4);
    var rules = "ingress: [{action: Deny, from: [" + EVERY_POD + "], ports: [" + port + "]}]}";
    for (var text :
        List.of(
            admin("{priority: 1, subject: {namespaces: {}}, " + rules),
            baseline("{subject: {namespaces: {}}, " + rules))) {
      assertThat(errors(text))
          .singleElement()
          .asString()
          .startsWith("spec.ingress[0].ports[0]." + expected);
      assertThat(failClosed(text).ingress()).containsExactly(DENY_ALL);
    }
  }

  @Test
  void n10_baselinePoliciesDoNotPassAndHaveNoNamedPortsOfNodes() {
    var spec = "{subject: {namespaces: {}}, egress: [{action: %s, to: [{nodes: {}}]%s}]}";
    assertThat(errors(baseline(spec.formatted("Pass", ""))))
        .containsExactly(
            "spec.egress[0].action: Unsupported value: \"Pass\": supported values: \"Allow\","
                + " \"Deny\"");
    assertThat(errors(baseline(spec.formatted("Deny", ", ports: [{namedPort: a}]"))))
        .containsExactly(
            "spec.egress[0]: Invalid value: \"object\": networks/nodes peer cannot be set with"
                + " namedPorts since there are no namedPorts for networks/nodes");
  }

  @Test
  void n10_listsHaveTheirBounds() {
    var rule = "{action: Deny, from: [" + EVERY_POD + "]}";
    assertBound(25, n -> cluster(withIngress("tier: Admin, priority: 1", many(n, rule))), "");
    assertBound(100, n -> admin(withIngress("priority: 1", many(n, rule))), "");
    assertBound(
        25,
        n ->
            cluster(
                withIngress(
                    "tier: Admin, priority: 1",
                    "{action: Deny, from: [" + many(n, EVERY_POD) + "]}")),
        "[0].from");
    assertBound(
        100,
        n ->
            admin(
                withIngress(
                    "priority: 1",
                    "{action: Deny, from: [{namespaces: {}}], ports: ["
                        + many(n, "{namedPort: a}")
                        + "]}")),
        "[0].ports");
    var networks = IntStream.range(0, 26).mapToObj(i -> "10." + i + ".0.0/16").toList().toString();
    assertThat(errors(cluster(egress("{action: Deny, to: [{networks: " + networks + "}]}"))))
        .containsExactly("spec.egress[0].to[0].networks: Too many: 26: must have at most 25 items");
  }

  private static void assertBound(
      int most, java.util.function.IntFunction<String> text, String field) {
    assertThat(errors(text.apply(most))).isEmpty();
    assertThat(errors(text.apply(most + 1)))
        .containsExactly(
            "spec.ingress%s: Too many: %d: must have at most %d items"
                .formatted(field, most + 1, most));
  }

  @Test
  void n10_whatIsMandatoryIsNamed() {
    assertThat(errors(cluster("{}")))
        .containsExactlyInAnyOrder(
            "spec.tier: Required value",
            "spec.priority: Required value",
            "spec.subject: Required value");
    assertThat(errors(admin("null"))).containsExactly("spec: Required value");
    assertThat(errors(baseline("[]")))
        .containsExactly("spec: Invalid value: []: must be an object");
    for (var text : List.of(cluster("{}"), admin("null"), baseline("[]"))) {
      assertThat(refused(text).failClosed()).isEmpty();
    }
  }

  @Test
  void n10_allViolationsAreToldAtOnce() {
    assertThat(
            errors(
                cluster(
                    "{tier: x, priority: 2000, subject: {namespaces: {}, pods: {}},"
                        + " ingress: [{from: []}, {action: Deny, from: [{}], protocols: [{}]}],"
                        + " egress: [{action: no, to: [{nodes: {}}, {networks: [a, b]}],"
                        + " protocols: [{destinationNamedPort: a}]}]}")))
        .extracting(error -> error.substring(0, error.indexOf(": ")))
        .containsExactly(
            "spec.tier",
            "spec.priority",
            "spec.subject",
            "spec.ingress[0].action",
            "spec.ingress[0].from",
            "spec.ingress[1].from[0]",
            "spec.ingress[1].protocols[0]",
            "spec.egress[0].action",
            "spec.egress[0].to[1].networks[0]",
            "spec.egress[0].to[1].networks[1]",
            "spec.egress[0]");
  }

  @Test
  void anotherVersionOfAKindIsNoObjectOfIt() {
    assertThat(errors(cluster("{}").replace("v1alpha2", "v1alpha1")))
        .containsExactly(
            "apiVersion: no matches for kind \"ClusterNetworkPolicy\" in version"
                + " \"policy.networking.k8s.io/v1alpha1\"; did you mean"
                + " policy.networking.k8s.io/v1beta1 or policy.networking.k8s.io/v1alpha2?");
  }

  private static String egress(String rules) {
    return "{tier: Admin, priority: 1, subject: {namespaces: {}}, egress: [" + rules + "]}";
  }
}
