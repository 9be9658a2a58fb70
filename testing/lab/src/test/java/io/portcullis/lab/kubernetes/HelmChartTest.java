package io.portcullis.lab.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.zjsonpatch.JsonPatch;
import io.portcullis.json.Json;
import io.portcullis.lab.manifests.EditableManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Checks that the chart and the kustomizations produce the same objects. */
class HelmChartTest {
  @BeforeAll
  static void whereThereIsHelm() {
    assumeTrue(HelmChart.canBeRendered(), "there is no helm, and no Go to build it");
  }

  private static SortedMap<String, JsonNode> byName(Collection<EditableManifest.Item> items) {
    var byName = new TreeMap<String, JsonNode>();
    for (var item : items) {
      byName.put(item.kind() + "/" + item.object().at("/metadata/name").asText(), item.object());
    }
    return byName;
  }

  @Test
  void withItsOwnValuesItIsTheProductionOverlay() throws Exception {
    var expected = byName(KubernetesManifests.of("rbac", "base", "production"));
    expected.remove("Namespace/portcullis"); // whoever installs a chart creates the namespace
    var rendered =
        byName(
            HelmChart.render(
                "kafka.bootstrapServers=kafka-bootstrap.kafka.svc:9093",
                "kafka.settings.KAFKA_SECURITY_PROTOCOL=SASL_SSL",
                "kafka.settings.KAFKA_SASL_MECHANISM=SCRAM-SHA-512",
                "kafka.settings.KAFKA_SSL_TRUSTSTORE_TYPE=PEM"));
    assertThat(rendered.keySet()).isEqualTo(expected.keySet());
    expected.forEach((name, object) -> assertThat(rendered.get(name)).as(name).isEqualTo(object));
  }

  @Test
  void withAUserForEachNodeItIsThatComponent() throws Exception {
    assertPatched(
        "user-per-node",
        "agent",
        "DaemonSet/portcullis-agent",
        "kafka.secrets.agents=portcullis-kafka-agents");
  }

  @Test
  void onThePodsNetworkItIsThatComponent() throws Exception {
    assertPatched("pod-network", "watcher", "Deployment/portcullis-watcher", "hostNetwork=false");
    assertPatched("pod-network", "compiler", "Deployment/portcullis-compiler", "hostNetwork=false");
  }

  /** Checks that the chart with the value renders the object as the component's patch does. */
  private static void assertPatched(String component, String patch, String object, String value)
      throws Exception {
    var file = Path.of("..", "..", "deploy", "kubernetes", component, patch + ".yaml");
    var change = Serialization.unmarshal(Files.readString(file), JsonNode.class);
    var base = byName(KubernetesManifests.of("base")).get(object);
    var rendered = byName(HelmChart.render("kafka.bootstrapServers=kafka:9092", value));
    assertThat(plain(rendered.get(object))).isEqualTo(plain(JsonPatch.apply(change, base)));
  }

  /** Returns the object with numbers in one form, since parsers differ in how they keep them. */
  private static JsonNode plain(JsonNode object) throws IOException {
    return Json.mapper().readTree(object.toString());
  }

  @Test
  void valuesComeToWhereTheyAreNeeded() throws Exception {
    var rendered =
        byName(
            HelmChart.render(
                "kafka.bootstrapServers=a:1\\,b:2",
                "image.repository=registry.example/portcullis",
                "image.tag=1.2.3",
                "image.pullSecrets[0].name=key",
                "exemptNamespaces={kafka,kube-system}",
                "agent.settings.PORTCULLIS_GUARD=strict",
                "agent.statePath=/srv/portcullis",
                "agent.cni.resultsPath=/srv/cni/results",
                "agent.seLinuxOptions.type=spc_t",
                "watcher.ports=9101-9102",
                "agent.managementPort=9100"));
    assertThat(
            rendered.get("ConfigMap/portcullis-kafka").at("/data/KAFKA_BOOTSTRAP_SERVERS").asText())
        .isEqualTo("a:1,b:2");
    var agent = rendered.get("DaemonSet/portcullis-agent").at("/spec/template/spec");
    assertThat(agent.at("/imagePullSecrets/0/name").asText()).isEqualTo("key");
    assertThat(agent.at("/containers/0/image").asText())
        .isEqualTo("registry.example/portcullis/agent:1.2.3");
    assertThat(agent.at("/containers/0/env").toString())
        .contains("{\"name\":\"QUARKUS_MANAGEMENT_PORT\",\"value\":\"9100\"}")
        .contains("{\"name\":\"PORTCULLIS_GUARD\",\"value\":\"strict\"}")
        .contains("\"value\":\"portcullis,kafka,kube-system\"");
    assertThat(agent.at("/volumes/1/hostPath/path").asText()).isEqualTo("/srv/portcullis");
    assertThat(agent.at("/volumes/2/hostPath/path").asText()).isEqualTo("/srv/cni/results");
    assertThat(agent.at("/containers/0/securityContext/seLinuxOptions/type").asText())
        .isEqualTo("spc_t");
    assertThat(agent.at("/containers/0/ports/0").toString())
        .isEqualTo("{\"name\":\"management\",\"containerPort\":9100,\"hostPort\":9100}");
    assertThat(rendered.get("Deployment/portcullis-watcher").toString())
        .contains("{\"name\":\"PORTCULLIS_PORTS\",\"value\":\"9101-9102\"}");
    assertThat(rendered.get("Deployment/portcullis-compiler").at("/spec/template/spec").toString())
        .contains("\"value\":\"portcullis,kafka,kube-system\"");
  }

  @Test
  void withoutTheRuntimesNotesTheAgentIsToldSo() throws Exception {
    var rendered = byName(HelmChart.render("kafka.bootstrapServers=a:1", "agent.cni.resultsPath="));
    var agent = rendered.get("DaemonSet/portcullis-agent").at("/spec/template/spec");
    assertThat(agent.at("/containers/0/env").toString())
        .contains("{\"name\":\"PORTCULLIS_CNI_RESULTS\",\"value\":\"\"}");
    assertThat(agent.at("/volumes").toString()).doesNotContain("cni");
  }

  @Test
  void withoutBrokersItIsNotRendered() {
    assertThatThrownBy(HelmChart::render).hasMessageContaining("kafka.bootstrapServers");
  }
}
