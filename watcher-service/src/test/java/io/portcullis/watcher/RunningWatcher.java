package io.portcullis.watcher;

import io.portcullis.topic.TestBroker;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Gives a watcher a broker, and manifests of which one is not valid. */
public final class RunningWatcher implements QuarkusTestResourceLifecycleManager {
  private static final String MANIFESTS =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: deny, namespace: shop}
      spec: {podSelector: {matchLabels: {app: -}}}
      """;

  private TestBroker broker;
  private Path manifests;

  @Override
  public Map<String, String> start() {
    try {
      manifests = Files.createTempDirectory("portcullis-manifests");
      Files.writeString(manifests.resolve("shop.yaml"), MANIFESTS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    broker = new TestBroker();
    return Map.of(
        "kafka.bootstrap.servers",
        broker.bootstrap(),
        "portcullis.manifests",
        manifests.toString(),
        "portcullis.forget-kinds",
        "ClusterNetworkPolicy",
        "portcullis.topic-replication",
        "1",
        "quarkus.http.test-port",
        "0",
        "quarkus.management.test-port",
        "0");
  }

  @Override
  public void stop() {
    broker.close();
    try {
      Files.delete(manifests.resolve("shop.yaml"));
      Files.delete(manifests);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
