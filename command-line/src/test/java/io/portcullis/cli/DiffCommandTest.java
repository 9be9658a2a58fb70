package io.portcullis.cli;

import static io.portcullis.cli.Ran.portcullis;
import static io.portcullis.cli.Texts.documents;
import static io.portcullis.cli.Texts.node;
import static io.portcullis.cli.Texts.pod;
import static io.portcullis.cli.Texts.write;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiffCommandTest {
  @TempDir Path folder;
  private Path before;
  private Path now;

  @BeforeEach
  void writeTheSeedTwice() throws IOException {
    before = folder.resolve("before");
    now = folder.resolve("now");
    for (var manifests : new Path[] {before, now}) {
      Texts.writeSeed(manifests);
    }
  }

  @Test
  void theSameManifestsDifferInNothing() {
    assertThat(portcullis("diff", before, now))
        .isEqualTo(new Ran(0, "no flow is opened or closed\n", ""));
  }

  @Test
  void whatIsOpenedAndClosedIsToldWithTheRulesOfNowAndBefore() throws IOException {
    write(now, "policy.yaml", Texts.SEED_POLICY.replace("role: frontend", "role: other"));
    assertThat(portcullis("diff", before, now))
        .isEqualTo(
            new Ran(
                1,
                """
                        SOURCE            DESTINATION  PORTS     NOW                                                                                  BEFORE
                opened  default/other     default/db   tcp/6379  ingress NetworkPolicy/default/test-network-policy#0                                  ingress isolated by Namespace/default and NetworkPolicy/default/test-network-policy
                closed  default/frontend  default/db   tcp/6379  ingress isolated by Namespace/default and NetworkPolicy/default/test-network-policy  ingress NetworkPolicy/default/test-network-policy#0
                1 opened, 1 closed
                """,
                ""));
  }

  @Test
  void aPodThatOnlyGotAnotherAddressDiffersInNothing() throws IOException {
    write(
        now,
        "pods.yaml",
        documents(
            node("n1"),
            pod("db", "n1", "10.1.0.9"),
            pod("frontend", "n1", "10.1.0.5"),
            pod("other", "n2", "10.1.0.7")));
    assertThat(portcullis("diff", before, now).code()).isZero();
  }

  @Test
  void nodesThatCannotBeComparedAreNamed() throws IOException {
    var node =
        "{apiVersion: v1, kind: Node, metadata: {name: n3}, status: {addresses: [{type: InternalIP, address: 172.18.0.%s}]}}\n";
    write(before, "node.yaml", node.formatted(3));
    write(now, "node.yaml", node.formatted(4));
    assertThat(portcullis("diff", before, now).err())
        .isEqualTo("not compared, as their addresses are not the same in both: nodes n3\n");
    write(now, "node.yaml", node.formatted(3));
    assertThat(portcullis("diff", before, now).err()).isEmpty();
  }

  @Test
  void aRunningInstallationThatCannotBeReadIsSaid() {
    var ran = portcullis("diff", "now", now, "--kafka", "127.0.0.1:1");
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err())
        .startsWith("portcullis: --kafka 127.0.0.1:1: the cluster cannot be read: ");
    assertThat(portcullis("diff", before, now, "--kafka", "127.0.0.1:1").err())
        .isEqualTo("portcullis: --kafka: neither BEFORE nor NOW is now\n");
    assertThat(portcullis("diff", "now", now).err()).contains("now: ");
  }

  @Test
  void aNewPodOpensWhatItCan() throws IOException {
    write(
        now,
        "more.yaml",
        pod("frontend-2", "n2", "10.1.0.8").replace("role: frontend-2", "role: frontend"));
    var ran = portcullis("diff", before, now, "--output", "expect");
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.out().lines())
        .contains(
            "opened default/frontend-2 -> default/db on tcp/6379",
            "opened default/frontend-2 -> anywhere on all")
        .noneMatch(line -> line.contains("-> default/frontend-2"));
  }

  @Test
  void morePodsOfAWorkloadDifferInNothing() throws IOException {
    write(before, "web.yaml", replica("web-5d4-a", "10.1.0.20"));
    write(
        now,
        "web.yaml",
        documents(replica("web-5d4-a", "10.1.0.20"), replica("web-5d4-b", "10.1.0.21")));
    assertThat(portcullis("diff", before, now).out()).isEqualTo("no flow is opened or closed\n");
  }

  private static String replica(String name, String address) {
    return pod(name, "n2", address)
        .replace(
            "labels: {role: %s}".formatted(name),
            "labels: {pod-template-hash: 5d4, role: frontend}, ownerReferences: [{apiVersion: apps/v1,"
                + " kind: ReplicaSet, name: web-5d4, uid: u, controller: true}]");
  }

  @Test
  void halfAFileIsTrouble() throws IOException {
    write(now, "half.yaml", "kind: [");
    var ran = portcullis("diff", before, now);
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains("half.yaml").contains("cannot be read");
    assertThat(portcullis("diff", before, folder.resolve("nothing")).code()).isEqualTo(2);
    assertThat(portcullis("diff", "-", "-").code()).isEqualTo(2);
  }
}
