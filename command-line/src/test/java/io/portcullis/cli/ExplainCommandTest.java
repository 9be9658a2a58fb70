package io.portcullis.cli;

import static io.portcullis.cli.Ran.portcullis;
import static io.portcullis.cli.Texts.documents;
import static io.portcullis.cli.Texts.pod;
import static io.portcullis.cli.Texts.write;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplainCommandTest {
  @TempDir Path manifests;

  @BeforeEach
  void writeTheSeed() throws IOException {
    write(manifests, "ns.yaml", Texts.seedNamespaceNamed("default"));
    write(manifests, "policy.yaml", Texts.SEED_POLICY);
    write(
        manifests,
        "pods.yaml",
        documents(
            pod("db", "n1", "10.1.0.5", "fd00::5"),
            pod("frontend", "n2", "10.1.0.6", "fd00::6"),
            pod("other", "n2", "10.1.0.7")));
  }

  @ParameterizedTest
  @CsvSource({
    "default/frontend, default/db, tcp/6379, allowed",
    "default/frontend, default/db, TCP/6379, allowed",
    "10.1.0.6, 10.1.0.5, tcp/6379, allowed",
    "fd00::6, default/db, tcp/6379, allowed",
    "default/frontend, default/db, tcp/6380, denied",
    "default/frontend, default/db, udp/6379, denied",
    "default/frontend, default/db, sctp/6379, denied",
    "default/frontend, default/db, icmp, denied",
    "default/frontend, default/db, icmpv6, denied",
    "default/other, default/db, tcp/6379, denied",
    "192.0.2.1, default/db, tcp/6379, denied",
    "default/db, 192.0.2.1, tcp/443, allowed",
    "default/db, default/db, tcp/443, allowed",
    "192.0.2.1, 192.0.2.2, tcp/443, allowed",
  })
  void theSeedDecidesSo(String from, String to, String port, String verdict) {
    var ran = explain(from, to, port, "text");
    assertThat(ran.out()).startsWith(verdict + ": " + from + " to " + to + ", " + port + "\n");
    assertThat(ran.code()).isZero();
    assertThat(explain(from, to, port, "json").out())
        .startsWith("{\"verdict\":\"" + verdict + "\"");
  }

  @Test
  void peopleReadWhichTierPolicyAndRuleMadeIt() {
    assertThat(explain("default/frontend", "default/db", "tcp/6379", "text"))
        .isEqualTo(
            new Ran(
                0,
                """
                allowed: default/frontend to default/db, tcp/6379
                  egress: allowed
                    tier:   Default
                    policy: none
                    rule:   none
                    reason: no policy isolates pod default/frontend for egress
                  ingress: allowed
                    tier:   NetworkPolicy
                    policy: NetworkPolicy/default/test-network-policy
                    rule:   0
                    reason: rule 0 of NetworkPolicy/default/test-network-policy (pods role=frontend of the same namespace on tcp/6379) matches
                """,
                ""));
  }

  @Test
  void programsReadTheShapeThatIsAgreed() {
    assertThat(explain("default/other", "default/db", "tcp/6379", "json"))
        .isEqualTo(
            new Ran(
                0,
                "{\"verdict\":\"denied\","
                    + "\"egress\":{\"verdict\":\"allowed\",\"tier\":\"Default\",\"policy\":\"\","
                    + "\"rule\":\"\",\"reason\":\"no policy isolates pod default/other for egress\"},"
                    + "\"ingress\":{\"verdict\":\"denied\",\"tier\":\"NetworkPolicy\","
                    + "\"policy\":\"NetworkPolicy/default/test-network-policy\",\"rule\":\"\","
                    + "\"reason\":\"pod default/db is isolated for ingress and no rule matches of"
                    + " NetworkPolicy/default/test-network-policy; what would have had to match:"
                    + " rule 0 of NetworkPolicy/default/test-network-policy (pods role=frontend of"
                    + " the same namespace on tcp/6379)\"}}\n",
                ""));
  }

  @Test
  void t8_familiesThatDifferAreTold() throws IOException {
    write(
        manifests,
        "block.yaml",
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: block}
        spec:
          podSelector: {matchLabels: {role: db}}
          ingress: [{from: [{ipBlock: {cidr: 10.1.0.0/24}}]}]
        """);
    var text = explain("default/frontend", "default/db", "udp/53", "text").out();
    assertThat(text.lines())
        .startsWith("depends on the address: default/frontend to default/db, udp/53")
        .contains("allowed: 10.1.0.6 to 10.1.0.5", "denied: fd00::6 to fd00::5");
    assertThat(explain("default/frontend", "default/db", "udp/53", "json").out())
        .startsWith("{\"verdict\":\"allowed\"")
        .contains("; but from fd00::6 to fd00::5: denied, pod default/db is isolated");
    assertThat(explain("default/other", "default/db", "udp/53", "text").out())
        .startsWith("allowed: default/other to default/db");
  }

  @Test
  void refusedObjectsAreTheExitCodeAndTheVerdictStands() throws IOException {
    write(manifests, "broken.yaml", Texts.BROKEN);
    var ran = explain("default/db", "default/frontend", "tcp/80", "text");
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.told())
        .singleElement()
        .asString()
        .startsWith(manifests.resolve("broken.yaml") + ": NetworkPolicy/default/broken: ");
    assertThat(ran.out()).startsWith("denied: ").contains("NetworkPolicy/default/broken");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "default/frontent | default/db | tcp/80 | there is no pod default/frontent; near: default/frontend",
        "prod/db | default/db | tcp/80 | there is no pod prod/db; near: default/db",
        "db | default/db | tcp/80 | --from: neither namespace/pod nor an IP address: db",
        "default/db | 10.1.0 | tcp/80 | --to: neither namespace/pod nor an IP address: 10.1.0",
        "default/db | 10.1.0.9 | tcp/http | --port: not a protocol and port",
        "fd00::5 | default/other | tcp/80 | the two ends have no addresses of one family",
      })
  void aQuestionWithoutAnAnswerEndsWithTwoAndTheReason(
      String from, String to, String port, String reason) {
    var ran = explain(from, to, port, "json");
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).startsWith("portcullis: " + reason);
  }

  @Test
  void t6_aPodOnTheNetworkOfItsNodeIsToldAsSuch() throws IOException {
    write(
        manifests,
        "agent.yaml",
        pod("agent", "node-2", "192.168.0.2").replace("nodeName:", "hostNetwork: true, nodeName:"));
    assertThat(explain("default/db", "default/agent", "tcp/80", "text").out())
        .contains("pod default/agent is on node-2's network; selectors do not match it (T6)");
  }

  @Test
  void n9_aPortNameThatThePodLacksIsToldWithThoseThatItHas() throws IOException {
    write(
        manifests,
        "d.yaml",
        documents(
            "{apiVersion: v1, kind: Pod, metadata: {namespace: d, name: a}, spec: {nodeName: n1,"
                + " containers: [{ports: [{name: http, containerPort: 8080}]}]},"
                + " status: {podIPs: [{ip: 10.1.0.9}]}}\n",
            policy("{podSelector: {}, ingress: [{ports: [{port: web}]}]}")));
    assertThat(explain("default/db", "d/a", "tcp/8080", "text").out())
        .contains("pod d/a has no TCP port named web; it has http=8080");
  }

  @Test
  void aRuleThatWasRefusedIsToldWithItsField() throws IOException {
    write(
        manifests,
        "d.yaml",
        documents(
            "{apiVersion: v1, kind: Pod, metadata: {namespace: d, name: a}, spec: {nodeName: n1},"
                + " status: {podIPs: [{ip: 10.1.0.9}]}}\n",
            policy("{podSelector: {}, ingress: [{ports: [{protocol: tcp, port: 80}]}]}")));
    assertThat(explain("default/db", "d/a", "tcp/80", "text").out())
        .contains(
            "rule 0 of NetworkPolicy/d/p (refused: ports[0].protocol: Unsupported value: \"tcp\":")
        .doesNotContain("nothing on nothing");
  }

  private static String policy(String spec) {
    return "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: d, name:"
        + " p}, spec: "
        + spec
        + "}\n";
  }

  @Test
  void manifestsAndACompilerAreNotAskedAtOnce() {
    var ran =
        portcullis(
            "explain",
            "--manifests",
            manifests,
            "--url",
            "http://127.0.0.1:1",
            "--from",
            "10.1.0.1",
            "--to",
            "10.1.0.2",
            "--port",
            "icmp");
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("mutually exclusive");
  }

  private Ran explain(String from, String to, String port, String output) {
    return portcullis(
        "explain",
        "--manifests",
        manifests,
        "--from",
        from,
        "--to",
        to,
        "--port",
        port,
        "--output",
        output);
  }
}
