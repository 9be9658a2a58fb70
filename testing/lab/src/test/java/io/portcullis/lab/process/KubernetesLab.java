package io.portcullis.lab.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.portcullis.Patience;
import io.portcullis.lab.kubernetes.ServerBinaries;
import io.portcullis.nft.NftRenderer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** A lab whose objects are at a real API server, with authorization, and two watchers of it. */
final class KubernetesLab implements AutoCloseable {
  private static final String NODE = "node-2";

  private final RunningLab lab;
  private final KubernetesClient client;
  private int port = 31_000;

  private KubernetesLab(RunningLab lab, KubernetesClient client) {
    this.lab = lab;
    this.client = client;
  }

  /**
   * Starts the lab; skips the test if no API server can be had.
   *
   * @param folder the directory of the lab's files
   * @param settings environment variables of its services
   */
  static KubernetesLab start(Path folder, Map<String, String> settings) throws Exception {
    assumeTrue(ServerBinaries.canBeHad(), "there is no kube-apiserver, and no Go to build it");
    ServerBinaries.get(RunningLab.root(), System.out::println); // the first build may take minutes
    Awaitility.setDefaultTimeout(Patience.LIMIT);
    Awaitility.setDefaultPollInterval(Duration.ofMillis(50));
    var lab = RunningLab.start(folder, settings, "--kubernetes", "--watchers", "2");
    var config = Config.fromKubeconfig(new File(lab.json().path("kubeconfig").asText()));
    return new KubernetesLab(lab, new KubernetesClientBuilder().withConfig(config).build());
  }

  @Override
  public void close() {
    Awaitility.reset();
    client.close();
    lab.close();
  }

  RunningLab lab() {
    return lab;
  }

  KubernetesClient client() {
    return client;
  }

  void apply(String yaml) {
    client.resource(yaml).fieldManager("test").forceConflicts().serverSideApply();
  }

  void delete(String yaml) {
    client.resource(yaml).delete();
  }

  /** Returns a policy that allows a port in a namespace. */
  static String policy(String name, int allowed) {
    return """
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: %s, namespace: shop}
    spec:
      podSelector: {matchLabels: {role: db}}
      ingress: [{ports: [{port: %d}]}]
    """
        .formatted(name, allowed);
  }

  /** Waits until the kernel has rules for that port, or has none. */
  void isInKernel(int number, boolean there) {
    await().ignoreExceptions().until(() -> isInKernel(number), found -> found == there);
  }

  boolean isInKernel(int number) throws IOException {
    var rules = lab.nft(NODE, "list", "table", "inet", NftRenderer.TABLE).orElseThrow();
    return Pattern.compile("dport .*\\b" + number + "\\b").matcher(rules).find();
  }

  /** Changes a policy and waits until the kernel has the change. */
  void newPolicyIsEnforced() {
    apply(policy("test", ++port));
    isInKernel(port, true);
  }

  /** Checks that the newest policy is still enforced. */
  void lastPolicyIsEnforced() throws IOException {
    assertThat(isInKernel(port)).isTrue();
  }

  /** Kills one watcher after the other, and checks that changes still arrive. */
  void everyWatcherIsKilled() throws Exception {
    for (var name : new String[] {"watcher-0", "watcher-1"}) {
      var killed = lab.pid(name);
      signal("KILL", killed);
      newPolicyIsEnforced();
      await().until(() -> lab.pid(name) != 0 && lab.pid(name) != killed);
    }
  }

  boolean isLost(String watcher) throws Exception {
    return lab.get(lab.management(watcher) + "/q/health/ready").toString().contains("\"lost\"");
  }

  /** Returns the watcher's problems. */
  String problems() throws Exception {
    return lab.get(lab.json().path("watcher").asText() + "/problems").toString();
  }

  /** Returns the log of a program. */
  String log(String program) throws IOException {
    return Files.readString(lab.state().resolve("logs").resolve(program + ".log"));
  }

  /** Returns an object of the cluster, as the server has it. */
  GenericKubernetesResource object(String apiVersion, String kind, String name) {
    return client.genericKubernetesResources(apiVersion, kind).withName(name).get();
  }

  /** Returns the object's status as text; {@code null} if it has none. */
  static String status(GenericKubernetesResource object) {
    return String.valueOf(object.getAdditionalProperties().get("status"));
  }

  /** Returns the reasons and texts of an object's events. */
  String events(String name) {
    return client.v1().events().inAnyNamespace().list().getItems().stream()
        .filter(event -> event.getInvolvedObject().getName().equals(name))
        .map(event -> event.getReason() + " " + event.getMessage())
        .collect(Collectors.joining("\n"));
  }

  static void signal(String name, long... pids) throws Exception {
    for (var pid : pids) {
      assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor())
          .isZero();
    }
  }
}
