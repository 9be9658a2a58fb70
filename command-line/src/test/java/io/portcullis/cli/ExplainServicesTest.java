package io.portcullis.cli;

import static io.portcullis.cli.Ran.portcullis;
import static io.portcullis.cli.Texts.documents;
import static io.portcullis.cli.Texts.pod;
import static io.portcullis.cli.Texts.write;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Questions about a Service's address are answered for the pods behind it (T3). */
class ExplainServicesTest {
  private static final String CLOSED =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: closed}
      spec:
        podSelector: {matchLabels: {role: db}}
        ingress: [{from: [{podSelector: {matchLabels: {role: client}}}], ports: [{port: 8080}]}]
      """;

  private static final String SERVICE =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: data}
      spec:
        clusterIP: 10.96.0.7
        clusterIPs: [10.96.0.7, "fd00:96::7"]
        selector: {role: db}
        ports: [{name: http, port: 80, targetPort: 8080}, {port: 53, protocol: UDP}]
      """;

  @TempDir Path manifests;

  @BeforeEach
  void writeTheCluster() throws IOException {
    write(manifests, "closed.yaml", CLOSED);
    write(manifests, "service.yaml", SERVICE);
    write(
        manifests,
        "pods.yaml",
        documents(
            pod("db", "n1", "10.1.0.5", "fd00::5"),
            pod("client", "n2", "10.1.0.6", "fd00::6"),
            pod("other", "n2", "10.1.0.7")));
  }

  @ParameterizedTest
  @CsvSource({
    "default/client, 10.96.0.7, tcp/80, allowed",
    "default/client, fd00:96::7, tcp/80, allowed",
    "default/client, 10.96.0.7, udp/53, denied",
    "default/other, 10.96.0.7, tcp/80, denied",
    "192.0.2.1, 10.96.0.7, tcp/80, denied",
  })
  void t3_thePodsBehindAServiceDecide(String from, String to, String port, String verdict) {
    var ran = explain(from, to, port, "text");
    assertThat(ran.code()).isZero();
    assertThat(ran.out()).startsWith(verdict + ": " + from + " to " + to + ", " + port + "\n");
    assertThat(ran.out()).contains("is Service default/data, behind which is pod default/db (");
    assertThat(explain(from, to, port, "json").out())
        .startsWith("{\"verdict\":\"" + verdict + "\"");
  }

  @Test
  void theReasonNamesThePodAndItsPort() {
    assertThat(explain("default/other", "10.96.0.7", "tcp/80", "text").out())
        .contains(
            "reason: 10.96.0.7 is Service default/data, behind which is pod default/db (10.1.0.5,"
                + " tcp/8080); pod default/db is isolated for ingress and no rule matches of"
                + " NetworkPolicy/default/closed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "default/other | 10.96.0.7 | tcp/8080 | 10.96.0.7 is Service default/data, which has no port tcp/8080; it has tcp/80, udp/53",
        "default/other | 10.96.0.7 | icmp     | 10.96.0.7 is Service default/data, which forwards its ports only, no ICMP",
        "default/other | fd00:96::7 | tcp/80  | the two ends have no addresses of one family",
        "10.96.0.7 | default/other | tcp/80   | the source is the address of Service default/data, which sends nothing itself; ask about a pod",
        "default/other | 10.96.0.8 | tcp/80   | 10.96.0.8 is Service default/far without a selector; ask about one of its endpoints, as policies match these",
        "default/other | 10.96.0.9 | tcp/80   | 10.96.0.9 is Service default/none, and no pod behind it has an IPv4 address and the port named http",
      })
  void whatAServiceDoesNotForwardHasNoAnswer(String from, String to, String port, String reason)
      throws IOException {
    write(
        manifests,
        "services.yaml",
        """
        apiVersion: v1
        kind: ServiceList
        items:
        - metadata: {name: far}
          spec: {clusterIP: 10.96.0.8, ports: [{port: 80}]}
        - metadata: {name: none}
          spec: {clusterIP: 10.96.0.9, selector: {role: db}, ports: [{port: 80, targetPort: http}]}
        """);
    var ran = explain(from, to, port, "text");
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.told()).endsWith("portcullis: " + reason);
  }

  @Test
  void aNamedTargetPortIsLookedUpAtEachPod() throws IOException {
    write(
        manifests,
        "named.yaml",
        documents(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: named}
            spec: {clusterIP: 10.96.0.9, selector: {tier: back}, ports: [{port: 80, targetPort: web}]}
            """,
            named("b1", "10.1.0.11", "web", 8080),
            named("b2", "10.1.0.12", "web", 9090),
            named("b3", "10.1.0.13", "http", 8080)));
    write(
        manifests,
        "named-policy.yaml",
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: named}
        spec: {podSelector: {matchLabels: {tier: back}}, ingress: [{ports: [{port: 8080}]}]}
        """);
    var text = explain("default/other", "10.96.0.9", "tcp/80", "text").out();
    assertThat(text.lines())
        .startsWith("depends on the address: default/other to 10.96.0.9, tcp/80")
        .contains("allowed: 10.1.0.7 to 10.1.0.11", "denied: 10.1.0.7 to 10.1.0.12");
    assertThat(text).contains("pod default/b2 (10.1.0.12, tcp/9090)").doesNotContain("b3");
  }

  @Test
  void manyPodsAreToldInShort() throws IOException {
    write(
        manifests,
        "many.yaml",
        IntStream.range(1, 188)
            .mapToObj(i -> pod("db", "n1", "10.1.1." + i).replace("name: db", "name: db-" + i))
            .collect(Collectors.joining("---\n")));
    assertThat(explain("default/other", "10.96.0.7", "tcp/80", "text").out())
        .contains("pod default/db (10.1.0.5, tcp/8080), and 187 more with the same verdict; ")
        .hasSizeLessThan(1500);
  }

  @Test
  void a12_aPodBehindTheServiceThatAsksIsSentBackToItself() throws IOException {
    write(
        manifests,
        "admin.yaml",
        """
        apiVersion: policy.networking.k8s.io/v1beta1
        kind: ClusterNetworkPolicy
        metadata: {name: no-db}
        spec:
          tier: Admin
          priority: 1
          subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {role: db}}}}
          ingress: [{action: Deny, from: [{namespaces: {}}]}]
        """);
    assertThat(explain("default/db", "10.1.0.5", "tcp/8080", "text").out()).startsWith("allowed: ");
    assertThat(explain("default/db", "10.96.0.7", "tcp/80", "text").out())
        .startsWith("denied: ")
        .contains("rule 0 of ClusterNetworkPolicy/no-db");
  }

  @Test
  void aServiceThatCannotBeReadIsNotedAndRefusesNothing() throws IOException {
    write(manifests, "service.yaml", SERVICE.replace("port: 80,", "port: 80000,"));
    var ran = explain("default/other", "10.96.0.7", "tcp/80", "text");
    assertThat(ran.code()).isZero();
    assertThat(ran.told())
        .contains(
            manifests.resolve("service.yaml")
                + ": Service/default/data: spec.ports[0].port: Invalid value: 80000: must be"
                + " between 1 and 65535, inclusive; the pods behind it are not known");
    assertThat(ran.out()).contains("if it is a Service's address, ask about one of its endpoints");
  }

  private static String named(String name, String address, String port, int number) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: %s, labels: {tier: back}}
    spec: {nodeName: n1, containers: [{ports: [{name: %s, containerPort: %d}]}]}
    status: {podIPs: [{ip: %s}]}
    """
        .formatted(name, port, number, address);
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
