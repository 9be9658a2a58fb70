package io.portcullis.policy.reach;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.net.IpAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LevelTest {
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "web-5d4f8-abcde, ReplicaSet/web-5d4f8, 5d4f8, web",
        "web-5d4f8-abcde, ReplicaSet/web-5d4f8, -, web-5d4f8",
        "db-0, StatefulSet/db, -, db",
        "agent-x7k2p, DaemonSet/agent, -, agent",
        "web-5d4f8-abcde, '', 5d4f8, web",
        "alone, '', -, alone",
        "alone, '', 5d4f8, alone",
      })
  void aWorkloadIsNamedForItsOwner(String pod, String owner, String hash, String name) {
    var labels = hash == null ? Map.<String, String>of() : Map.of("pod-template-hash", hash);
    assertThat(Level.WORKLOAD.name(pod(pod, owner, labels))).isEqualTo("shop/" + name);
    assertThat(Level.POD.name(pod(pod, owner, labels))).isEqualTo("shop/" + pod);
    assertThat(Level.NAMESPACE.name(pod(pod, owner, labels))).isEqualTo("shop");
  }

  private static Pod pod(String name, String owner, Map<String, String> labels) {
    return new Pod(
        ObjectKey.pod("shop", name),
        new Origin("test", "", 0, 0),
        labels,
        "node-1",
        List.of(IpAddress.parse("10.244.0.1")),
        false,
        false,
        0,
        List.of(),
        owner);
  }
}
