package io.portcullis.lab.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.portcullis.lab.kubernetes.HelmChart;
import io.portcullis.lab.kubernetes.KubernetesManifests;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the watcher with a real API server. */
class LabKubernetesIT {
  @TempDir private static Path folder;
  private static KubernetesLab cluster;
  private static RunningLab lab;
  private static KubernetesClient client;

  @BeforeAll
  static void start() throws Exception {
    cluster = KubernetesLab.start(folder, Map.of());
    lab = cluster.lab();
    client = cluster.client();
  }

  @AfterAll
  static void end() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void whatIsAppliedIsEnforcedAndWhatIsDeletedIsNot() {
    cluster.newPolicyIsEnforced();
    var policy =
        """
        apiVersion: policy.networking.k8s.io/v1alpha2
        kind: ClusterNetworkPolicy
        metadata: {name: test}
        spec:
          tier: Admin
          priority: 7
          subject: {namespaces: {}}
          ingress:
          - action: Accept
            from: [{namespaces: {}}]
            protocols: [{tcp: {destinationPort: {number: 30999}}}]
        """;
    cluster.apply(policy);
    cluster.isInKernel(30_999, true);
    cluster.delete(policy);
    cluster.isInKernel(30_999, false);
  }

  @Test
  void theServerTakesTheManifestsForAClusterAndTheyNameWhatThereIs() throws Exception {
    var items = new ArrayList<>(KubernetesManifests.of("rbac", "base", "minimal", "production"));
    items.addAll(HelmChart.render("kafka.bootstrapServers=kafka:9092"));
    items.addAll(
        HelmChart.render("kafka.bootstrapServers=kafka:9092", "kafka.secrets.agents=users"));
    var made = new ArrayList<String>();
    for (var item : items) {
      client
          .resource(item.object().toString())
          .dryRun()
          .fieldManager("test")
          .forceConflicts()
          .serverSideApply();
      made.add(item.kind() + "/" + item.object().at("/metadata/name").asText());
      requireSafe(item.object());
    }
    assertThat(made)
        .contains(
            "Deployment/portcullis-watcher",
            "Deployment/portcullis-compiler",
            "DaemonSet/portcullis-agent",
            "HorizontalPodAutoscaler/portcullis-compiler",
            "StatefulSet/portcullis-kafka");
  }

  /**
   * Checks that every container drops all capabilities, and that only the agent adds one back and
   * runs as root.
   */
  private static void requireSafe(JsonNode object) {
    var pod = object.at("/spec/template/spec");
    var isAgent = object.at("/metadata/name").asText().equals("portcullis-agent");
    for (var container : pod.path("containers")) {
      var capabilities = container.at("/securityContext/capabilities");
      assertThat(capabilities.path("drop").toString()).isEqualTo("[\"ALL\"]");
      assertThat(capabilities.path("add").toString()).isEqualTo(isAgent ? "[\"NET_ADMIN\"]" : "");
      assertThat(pod.at("/securityContext/runAsUser").asInt(-1) == 0).isEqualTo(isAgent);
      assertThat(object.at("/spec/selector/matchLabels").properties())
          .isSubsetOf(object.at("/spec/template/metadata/labels").properties());
    }
  }

  @Test
  void aPodThatIsMadeIsScheduledRunsIsProtectedAndEnds() throws Exception {
    var pod =
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: late, namespace: shop, labels: {role: db}}
        spec: {containers: [{name: db, image: db}]}
        """;
    cluster.apply(pod);
    await()
        .until(
            () -> client.pods().inNamespace("shop").withName("late").get(),
            made ->
                made.getStatus().getConditions().stream()
                    .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True")));
    var made = client.pods().inNamespace("shop").withName("late").get();
    var node = made.getSpec().getNodeName();
    var address = made.getStatus().getPodIP();
    assertThat(lab.json().path("pods").path("shop/late").path("node").asText()).isEqualTo(node);
    await().until(() -> lab.kernel(node).orElseThrow().endpoints().toString().contains(address));
    cluster.delete(pod);
    await().until(() -> client.pods().inNamespace("shop").withName("late").get() == null);
    await().until(() -> !lab.kernel(node).orElseThrow().endpoints().toString().contains(address));
  }

  @Test
  void aWatcherWhoseVersionIsTooOldListsAgainAndLosesNothing() throws Exception {
    cluster.newPolicyIsEnforced();
    cluster.apply(KubernetesLab.policy("goes", 30_777));
    cluster.isInKernel(30_777, true);
    var watchers = new long[] {lab.pid("watcher-0"), lab.pid("watcher-1")};
    KubernetesLab.signal("STOP", watchers);
    try {
      cluster.delete(KubernetesLab.policy("goes", 30_777));
      cluster.apply(KubernetesLab.policy("comes", 30_778));
      for (var i = 0; i < 20; i++) {
        cluster.apply(KubernetesLab.policy("moves", 20_000 + i));
      }
      new Etcd(URI.create(client.getMasterUrl().toString())).compact();
      var server = lab.pid("kube-apiserver");
      KubernetesLab.signal("KILL", server);
      await().until(() -> lab.pid("kube-apiserver") != 0 && lab.pid("kube-apiserver") != server);
      assertThat(cluster.isInKernel(30_777)).isTrue();
    } finally {
      KubernetesLab.signal("CONT", watchers);
    }
    cluster.isInKernel(30_777, false);
    cluster.isInKernel(30_778, true);
    cluster.isInKernel(20_019, true);
    cluster.delete(KubernetesLab.policy("comes", 30_778));
    cluster.isInKernel(30_778, false);
    cluster.newPolicyIsEnforced();
    assertThat(cluster.log("watcher-0") + cluster.log("watcher-1"))
        .containsPattern("networkpolicies are listed again: [^\"]*too old");
  }

  @Test
  void aServerThatHangsIsSaidToBeLostAndNoRuleGoes() throws Exception {
    cluster.newPolicyIsEnforced();
    var server = lab.pid("kube-apiserver");
    KubernetesLab.signal("STOP", server);
    try {
      await().until(() -> cluster.isLost("watcher-0") && cluster.isLost("watcher-1"));
      cluster.lastPolicyIsEnforced();
    } finally {
      KubernetesLab.signal("CONT", server);
    }
    await().until(() -> !cluster.isLost("watcher-0") && !cluster.isLost("watcher-1"));
    cluster.newPolicyIsEnforced();
  }

  @Test
  void aKindThatGoesTakesItsObjectsAndMayComeBack() throws Exception {
    var kind = Files.readString(Path.of("../../deploy/kubernetes/crds/adminnetworkpolicies.yaml"));
    var policy =
        """
        apiVersion: policy.networking.k8s.io/v1alpha1
        kind: AdminNetworkPolicy
        metadata: {name: goes}
        spec:
          priority: 40
          subject: {namespaces: {}}
          ingress:
          - action: Deny
            from: [{namespaces: {}}]
            ports: [{portNumber: {protocol: TCP, port: 30555}}]
        """;
    cluster.apply(policy);
    cluster.isInKernel(30_555, true);
    cluster.delete(kind);
    cluster.isInKernel(30_555, false);
    cluster.newPolicyIsEnforced();
    await().ignoreExceptions().until(() -> applied(kind) && applied(policy));
    cluster.isInKernel(30_555, true);
    cluster.delete(policy);
    cluster.isInKernel(30_555, false);
  }

  private static boolean applied(String yaml) {
    cluster.apply(yaml);
    return true;
  }

  @Test
  void whatSeveralClientsChangeIsInTheTopicThoughWatchersAreKilled() throws Exception {
    var clients = new RandomClients(cluster);
    var all = clients.start();
    var kills = 0;
    do {
      KubernetesLab.signal("KILL", lab.pid("watcher-" + kills % 2));
      kills++;
      var next = "watcher-" + kills % 2;
      await().until(() -> lab.pid(next) != 0);
      Thread.sleep(1_500);
    } while (!all.isDone() && kills < 20);
    all.get();
    assertThat(kills).isGreaterThan(2);
    await()
        .untilAsserted(
            () -> assertThat(clients.published()).isEqualTo(clients.present()).isNotEmpty());
    cluster.newPolicyIsEnforced();
  }

  @Test
  void theOwnerIsKilledAndTheOtherWatcherGoesOn() throws Exception {
    cluster.newPolicyIsEnforced();
    cluster.everyWatcherIsKilled();
  }

  private static String told(int allowed) {
    return """
    apiVersion: policy.networking.k8s.io/v1alpha1
    kind: AdminNetworkPolicy
    metadata: {name: told}
    spec:
      priority: 50
      subject: {namespaces: {}}
      ingress:
      - action: Allow
        from: [{namespaces: {}}]
        ports: [{portNumber: {protocol: TCP, port: %d}}]
    """
        .formatted(allowed);
  }

  @Test
  void aPolicyOfATierIsToldWhichNodesHoldItAndAnotherWatcherDoesNotSayItAgain() throws Exception {
    cluster.apply(told(30_444));
    await()
        .untilAsserted(() -> assertThat(status("told")).contains("Valid", "All 2 nodes hold it"));
    var version = anp("told").getMetadata().getResourceVersion();
    cluster.everyWatcherIsKilled();
    assertThat(anp("told").getMetadata().getResourceVersion()).isEqualTo(version);

    var agent = lab.pid("agent-node-1");
    KubernetesLab.signal("STOP", agent);
    try {
      cluster.apply(told(30_445));
      await()
          .untilAsserted(
              () ->
                  assertThat(status("told"))
                      .contains("OnItsWay", "1 of 2 nodes hold it; not yet: node-1"));
    } finally {
      KubernetesLab.signal("CONT", agent);
    }
    await()
        .untilAsserted(
            () ->
                assertThat(status("told"))
                    .contains("All 2 nodes hold it", "observedGeneration=2")
                    .doesNotContain("observedGeneration=1"));
    cluster.delete(told(30_445));
  }

  private static GenericKubernetesResource anp(String name) {
    return cluster.object("policy.networking.k8s.io/v1alpha1", "AdminNetworkPolicy", name);
  }

  private static String status(String name) {
    return KubernetesLab.status(anp(name));
  }
}
