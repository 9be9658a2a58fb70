package io.portcullis.lab.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.portcullis.lab.kubernetes.ServerBinaries;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests {@code lab --check}: the three services, a broker, nftables and packets, all real. */
class LabCheckIT {
  private static final Pattern LAST = Pattern.compile("PAIRS (\\d+) MISMATCHES (\\d+)");

  /** The sample policy in the form that current servers accept, and one policy of each tier. */
  private static final String TIERS =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: test-network-policy, namespace: shop}
      spec:
        podSelector: {matchLabels: {role: db}}
        ingress:
        - from: [{podSelector: {matchLabels: {role: frontend}}}]
          ports: [{protocol: TCP, port: 6379}]
      ---
      apiVersion: policy.networking.k8s.io/v1alpha2
      kind: ClusterNetworkPolicy
      metadata: {name: no-dns-from-operations}
      spec:
        tier: Admin
        priority: 10
        subject: {namespaces: {matchLabels: {team: operations}}}
        egress:
        - action: Deny
          to: [{namespaces: {}}]
          protocols: [{udp: {destinationPort: {number: 53}}}]
      ---
      apiVersion: policy.networking.k8s.io/v1alpha1
      kind: AdminNetworkPolicy
      metadata: {name: operations-see-all}
      spec:
        priority: 20
        subject: {namespaces: {}}
        ingress:
        - action: Allow
          from: [{namespaces: {matchLabels: {team: operations}}}]
          ports: [{portNumber: {protocol: TCP, port: 9100}}]
      ---
      apiVersion: policy.networking.k8s.io/v1alpha1
      kind: BaselineAdminNetworkPolicy
      metadata: {name: default}
      spec:
        subject: {namespaces: {matchLabels: {team: operations}}}
        ingress:
        - action: Deny
          from: [{namespaces: {}}]
      """;

  @TempDir private Path folder;

  private record Checked(int status, List<String> out, String err) {
    int pairs() {
      var last = LAST.matcher(out.getLast());
      assertThat(last.matches()).as(out.getLast()).isTrue();
      assertThat(last.group(2)).as(String.join("\n", out)).isEqualTo("0");
      return Integer.parseInt(last.group(1));
    }
  }

  private Checked check(String... more) throws Exception {
    var arguments =
        new java.util.ArrayList<>(
            List.of("lab", "--check", "--state", folder.resolve("state").toString()));
    arguments.addAll(List.of(more));
    var err = folder.resolve("err");
    var process =
        RunningLab.command(arguments.toArray(String[]::new)).redirectError(err.toFile()).start();
    var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Checked(process.waitFor(), out.lines().toList(), Files.readString(err));
  }

  @Test
  void onItsOwnManifestsEveryPacketDoesAsThePoliciesSay() throws Exception {
    var checked = check();
    assertThat(checked.status()).as(checked.err()).isZero();
    assertThat(checked.pairs()).isGreaterThan(500);
    assertThat(checked.out())
        .anyMatch(line -> line.startsWith("shop/frontend") && line.contains("tcp/6379"));
  }

  @Test
  void withAPolicyThatDeniesAllAndABrokenOneToo() throws Exception {
    RunningLab.copyDefaultManifests(folder);
    Files.writeString(
        folder.resolve("manifests").resolve("deny.yaml"),
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: deny-all, namespace: operations}
        spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: broken, namespace: shop}
        spec: {podSelector: {}, ingress: [{ports: [{port: 99999}]}]}
        """);
    var checked = check("--manifests", folder.resolve("manifests").toString());
    assertThat(checked.status()).as(checked.err()).isZero();
    assertThat(checked.pairs()).isGreaterThan(500);
    assertThat(checked.out()).anyMatch(line -> line.matches("operations/shell +- .*"));
    assertThat(checked.err())
        .contains("deny.yaml: NetworkPolicy/shop/broken: spec.ingress[0].ports[0].port: ");
  }

  @Test
  void withAnApiServerEveryPacketDoesAsThePoliciesThereSay() throws Exception {
    assumeTrue(ServerBinaries.canBeHad(), "there is no kube-apiserver, and no Go to build it");
    ServerBinaries.get(RunningLab.root(), System.out::println); // the first build may take minutes
    RunningLab.copyDefaultManifests(folder);
    Files.writeString(folder.resolve("manifests").resolve("tiers.yaml"), TIERS);
    var checked = check("--kubernetes", "--manifests", folder.resolve("manifests").toString());
    assertThat(checked.status()).as(checked.err()).isZero();
    assertThat(checked.pairs()).isGreaterThan(500);
    assertThat(checked.out())
        .anyMatch(line -> line.startsWith("shop/frontend") && line.contains("tcp/6379"));
    assertThat(checked.err())
        .contains("NetworkPolicy/shop/test-network-policy: refused by the API server")
        .doesNotContain("tiers.yaml");
  }
}
