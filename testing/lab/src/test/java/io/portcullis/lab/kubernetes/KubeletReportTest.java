package io.portcullis.lab.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.portcullis.json.Json;
import io.portcullis.net.IpAddress;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests what the lab's kubelet says of pods and nodes. */
class KubeletReportTest {
  private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");
  private static final List<IpAddress> ADDRESSES = List.of(IpAddress.parse("10.0.0.7"));

  @Test
  void eachContainerOfAReadyPodIsReady() throws Exception {
    var pod =
        read(
            """
            {"metadata": {"name": "a", "namespace": "d"},
             "spec": {"containers": [{"name": "one", "image": "x"}, {"name": "two", "image": "y"}]}}
            """);
    assertThat(PodReport.isReady(pod, ADDRESSES)).isFalse();

    var report = PodReport.ready(pod, ADDRESSES, List.of("192.0.2.1", "fd00::1"), AT);

    assertThat(report.at("/status/hostIP").asText()).isEqualTo("192.0.2.1");
    assertThat(report.at("/status/hostIPs")).hasSize(2);
    assertThat(report.at("/status/containerStatuses").valueStream())
        .allMatch(status -> status.path("ready").asBoolean())
        .extracting(status -> status.path("name").asText())
        .containsExactly("one", "two");
    pod.set("status", report.path("status"));
    assertThat(PodReport.isReady(pod, ADDRESSES)).isTrue();
  }

  @Test
  void aNodeGetsWhatAKubeletWritesAndKeepsItsOwn() throws Exception {
    var node =
        read(
            """
            {"metadata": {"name": "n", "labels": {"kubernetes.io/os": "linux", "zone": "a"}},
             "spec": {"taints": [{"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"},
                                 {"key": "own", "effect": "NoExecute"}]}}
            """);
    assertThat(NodeReport.isLabelled(node)).isFalse();
    assertThat(NodeReport.isReady(node)).isFalse();

    var patch = NodeReport.labels(node);

    assertThat(patch.path("metadata").path("labels").toString())
        .isEqualTo("{\"kubernetes.io/hostname\":\"n\"}");
    assertThat(patch.at("/spec/taints").toString())
        .isEqualTo("[{\"key\":\"own\",\"effect\":\"NoExecute\"}]");
    node.set("status", NodeReport.ready(node, AT).path("status"));
    assertThat(NodeReport.isReady(node)).isTrue();
  }

  private static ObjectNode read(String json) throws Exception {
    return (ObjectNode) Json.mapper().readTree(json);
  }
}
