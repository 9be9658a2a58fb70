package io.portcullis.lab.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Updates of the definitions of policies at a real API server, while the policies are enforced. */
class LabDefinitionsIT {
  private static final Path DEFINITIONS = Path.of("../../deploy/kubernetes/crds");
  private static final int PORT = 30_666;

  /** A part of what is said of a kind that is not served in a known version. */
  private static final String FROZEN = "PORTCULLIS_FORGET_KINDS=ClusterNetworkPolicy";

  @TempDir private static Path folder;
  private static KubernetesLab cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = KubernetesLab.start(folder, Map.of());
  }

  @AfterAll
  static void end() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @AfterEach
  void restore() throws IOException {
    cluster.apply(serving(Set.of("v1alpha2", "v1beta1")));
  }

  private static GenericKubernetesResource definition(String file) throws IOException {
    return Serialization.unmarshal(
        Files.readString(DEFINITIONS.resolve(file)), GenericKubernetesResource.class);
  }

  /** Returns the definition of ClusterNetworkPolicy with these versions served, perhaps a v1. */
  private static String serving(Set<String> versions) throws IOException {
    var definition = definition("clusternetworkpolicies.yaml");
    List<Map<String, Object>> all = definition.get("spec", "versions");
    all.forEach(version -> version.put("served", versions.contains(version.get("name"))));
    if (versions.contains("v1")) {
      var next = new HashMap<>(all.getLast());
      next.putAll(Map.of("name", "v1", "served", true, "storage", false));
      all.add(next);
    }
    return Serialization.asYaml(definition);
  }

  private static String policy(String version, int port) {
    return """
    apiVersion: policy.networking.k8s.io/%s
    kind: ClusterNetworkPolicy
    metadata: {name: kept}
    spec:
      tier: Admin
      priority: 7
      subject: {namespaces: {}}
      ingress:
      - action: Accept
        from: [{namespaces: {}}]
        protocols: [{tcp: {destinationPort: {number: %d}}}]
    """
        .formatted(version, port);
  }

  private static void applySoon(String yaml) {
    await()
        .ignoreExceptions()
        .until(
            () -> {
              cluster.apply(yaml);
              return true;
            });
  }

  private static void everyWatcherHasRead(String version) {
    for (var watcher : List.of("watcher-0", "watcher-1")) {
      await()
          .until(
              () -> cluster.log(watcher),
              log ->
                  log.lastIndexOf("clusternetworkpolicies.policy.networking.k8s.io are read in")
                          == log.lastIndexOf(
                              "clusternetworkpolicies.policy.networking.k8s.io are read in"
                                  + " policy.networking.k8s.io/"
                                  + version)
                      && log.contains("are read in policy.networking.k8s.io/" + version));
    }
  }

  @Test
  void anUpdateThatStopsServingTheVersionThatIsReadOpensNothingAndHeals() throws Exception {
    cluster.apply(serving(Set.of("v1alpha2")));
    everyWatcherHasRead("v1alpha2");
    applySoon(policy("v1alpha2", PORT));
    cluster.isInKernel(PORT, true);

    cluster.apply(serving(Set.of("v1beta1")));
    everyWatcherHasRead("v1beta1");
    assertThat(cluster.isInKernel(PORT)).isTrue();
    applySoon(policy("v1beta1", PORT + 1));
    cluster.isInKernel(PORT + 1, true);
    await()
        .untilAsserted(
            () ->
                assertThat(
                        KubernetesLab.status(
                            cluster.object(
                                "policy.networking.k8s.io/v1beta1",
                                "ClusterNetworkPolicy",
                                "kept")))
                    .contains("Valid", "All 2 nodes hold it", "observedGeneration=2"));

    cluster.apply(serving(Set.of("v1")));
    await().untilAsserted(() -> assertThat(cluster.problems()).contains(FROZEN));
    itStaysAndOthersGoOn();
    await()
        .untilAsserted(
            () ->
                assertThat(cluster.events("clusternetworkpolicies.policy.networking.k8s.io"))
                    .contains("KindUnserved", "policy.networking.k8s.io/v1", "kept"));
    cluster.everyWatcherIsKilled();
    itStaysAndOthersGoOn();

    cluster.apply(serving(Set.of("v1alpha2", "v1beta1")));
    applySoon(policy("v1beta1", PORT + 2));
    cluster.isInKernel(PORT + 2, true);
    await().untilAsserted(() -> assertThat(cluster.problems()).doesNotContain(FROZEN));
    cluster.delete(policy("v1beta1", PORT + 2));
    cluster.isInKernel(PORT + 2, false);
  }

  private static void itStaysAndOthersGoOn() throws Exception {
    cluster.newPolicyIsEnforced();
    assertThat(cluster.isInKernel(PORT + 1)).isTrue();
    await()
        .ignoreExceptionsInstanceOf(ConnectException.class) // one that was killed is starting
        .until(() -> !cluster.isLost("watcher-0") && !cluster.isLost("watcher-1"));
  }

  @Test
  void olderDefinitionsOverNewerOnesAreRefusedInWords() throws Exception {
    var newer = definition("baselineadminnetworkpolicies.yaml");
    newer.getMetadata().getAnnotations().put("policy.networking.k8s.io/bundle-version", "v0.10.0");
    cluster.apply(Serialization.asYaml(newer));
    var ours = Files.readString(DEFINITIONS.resolve("baselineadminnetworkpolicies.yaml"));
    assertThatThrownBy(() -> cluster.apply(ours))
        .hasMessageContaining("the cluster has the definitions of network-policy-api v0.10.0")
        .hasMessageContaining("is older");
    cluster.apply(Serialization.asYaml(newer));
  }
}
