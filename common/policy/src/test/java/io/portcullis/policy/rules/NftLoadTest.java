package io.portcullis.policy.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.PortSpec;
import io.portcullis.net.Cidr;
import io.portcullis.net.IpAddress;
import io.portcullis.net.PortRange;
import io.portcullis.net.Protocol;
import io.portcullis.nft.NftRenderer;
import io.portcullis.policy.state.Cluster;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the compiler makes is loaded by the real nft, in a network namespace of its own. */
class NftLoadTest {
  private final String namespace = "pc-" + UUID.randomUUID().toString().substring(0, 8);

  @BeforeEach
  void makeNamespace() throws Exception {
    run("", "ip", "netns", "add", namespace);
  }

  @AfterEach
  void removeNamespace() throws Exception {
    run("", "ip", "netns", "delete", namespace);
  }

  @Test
  void aTableIsLoadedOverItselfAndHoldsWhatItShould() throws Exception {
    var rules = new RuleSetCompiler(new Cluster(objects()), Set.of()).compile("n1");
    var script = NftRenderer.replace(rules, NftRenderer.TABLE);
    nft(script, "-f", "-");
    nft(script, "-f", "-");
    var listed = nft("", "list", "table", "inet", NftRenderer.TABLE);
    assertThat(listed)
        .contains("10.244.1.5 : goto in_", "fd00:10:244:1::5 : goto in_", "goto out_")
        .contains("elements = { 192.168.0.0/17 }")
        .contains("10.244.2.9 . tcp . 8080")
        .contains("tcp dport { 80, 443, 8000-8100 }");
    nft(NftRenderer.remove(NftRenderer.TABLE), "-f", "-");
    assertThat(nft("", "list", "tables")).isBlank();
  }

  private String nft(String input, String... arguments) throws Exception {
    var command = new java.util.ArrayList<>(List.of("ip", "netns", "exec", namespace, "nft"));
    command.addAll(List.of(arguments));
    return run(input, command.toArray(String[]::new));
  }

  private static String run(String input, String... command)
      throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var stdin = process.outputWriter()) {
      stdin.write(input);
    }
    var output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("%s ended", List.of(command)).isTrue();
    assertThat(process.exitValue()).as("%s: %s%n%s", List.of(command), output, input).isZero();
    return output;
  }

  private static List<ClusterObject> objects() {
    var origin = new Origin("test.yaml", "", 0, 0);
    var web =
        new ClusterObject.Pod(
            ObjectKey.pod("shop", "web"),
            origin,
            Map.of("app", "web"),
            "n1",
            List.of(IpAddress.parse("10.244.1.5"), IpAddress.parse("fd00:10:244:1::5")),
            false,
            false,
            0,
            List.of());
    var api =
        new ClusterObject.Pod(
            ObjectKey.pod("shop", "api"),
            origin,
            Map.of("app", "api"),
            "n2",
            List.of(IpAddress.parse("10.244.2.9"), IpAddress.parse("fd00:10:244:2::9")),
            false,
            false,
            0,
            List.of(new ClusterObject.ContainerPort("http", Protocol.TCP, 8080)));
    List<PortSpec> tcp =
        List.of(
            new PortSpec.Numbered(PortRange.of(Protocol.TCP, 80)),
            new PortSpec.Numbered(PortRange.of(Protocol.TCP, 443)),
            new PortSpec.Numbered(new PortRange(Protocol.TCP, 8000, 8100)));
    List<PortSpec> mixed =
        List.of(
            new PortSpec.Numbered(PortRange.of(Protocol.TCP, 5432)),
            new PortSpec.Numbered(PortRange.all(Protocol.UDP)),
            new PortSpec.Numbered(new PortRange(Protocol.SCTP, 9000, 9010)));
    Peer apiPods =
        new Peer.Pods(Optional.empty(), Optional.of(LabelSelector.labels(Map.of("app", "api"))));
    Peer block =
        new Peer.Block(Cidr.parse("192.168.0.0/16"), List.of(Cidr.parse("192.168.128.0/17")));
    var policy =
        new ClusterObject.NetworkPolicy(
            new ObjectKey("networking.k8s.io", "NetworkPolicy", "shop", "web"),
            origin,
            LabelSelector.labels(Map.of("app", "web")),
            Set.of(Direction.INGRESS, Direction.EGRESS),
            List.of(
                new PolicyRule(Optional.of(List.of(apiPods, block)), Optional.of(tcp)),
                new PolicyRule(Optional.empty(), Optional.of(mixed))),
            List.of(
                new PolicyRule(
                    Optional.of(List.of(apiPods)),
                    Optional.of(List.of(new PortSpec.Named(Protocol.TCP, "http"))))));
    return List.of(web, api, policy);
  }
}
