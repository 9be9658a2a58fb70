package io.portcullis.lab.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.portcullis.Patience;
import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.json.Json;
import io.portcullis.lab.kubernetes.ControlPlane;
import io.portcullis.lab.kubernetes.LabCluster;
import io.portcullis.lab.kubernetes.ServerBinaries;
import io.portcullis.lab.network.NamespaceProgram;
import io.portcullis.lab.process.Broker;
import io.portcullis.lab.process.Supervisor;
import io.portcullis.topic.KafkaSettings;
import io.portcullis.topic.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests two watchers of a real API server, each in a network of its own, so that one of them can
 * lose the server, or Kafka, while the other keeps it. Lost packets are dropped silently.
 */
class CutOffWatchersIT {
  private static final Path ROOT = Path.of("..", "..");
  private static final int API_SERVER = 6443;
  private static final int KAFKA = 9092;
  private static final String NAMESPACE = "shop";
  private static final String LABEL = "turn";

  @TempDir private Path folder;

  private final List<RunningService> watchers = new ArrayList<>();
  private ClusterNetwork network;
  private Supervisor servers;
  private int turn;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(ServerBinaries.canBeHad(), "there is no kube-apiserver, and no Go to build it");
    ServerBinaries.get(ROOT, System.out::println);
    Awaitility.setDefaultTimeout(Patience.LIMIT);
    Awaitility.setDefaultPollInterval(Duration.ofMillis(100));
    Awaitility
        .pollInSameThread(); // this thread is in the network from which the services can be asked
    SecuredKafkaIT.QUIET.forEach(logger -> logger.setLevel(Level.OFF));
    network = new ClusterNetwork(2);
  }

  @AfterEach
  void stop() {
    Awaitility.reset();
    watchers.forEach(RunningService::close);
    if (servers != null) {
      servers.close();
    }
    network.close();
  }

  @Test
  void theOtherOneTakesOverAndThereIsOneHistory() throws Exception {
    SecuredCluster.inside(
        network.hub(),
        () -> {
          try (var cluster = startAll();
              var client = client()) {
            assertThat(cluster.refused()).isEmpty();
            await().until(() -> watchers.stream().allMatch(RunningService::isReady));
            changesArrive(client);
            for (var port : List.of(API_SERVER, KAFKA, API_SERVER, KAFKA)) {
              theOwnerIsCutOff(port, client);
            }
            thereIsOneHistory(client);
          }
          return null;
        });
  }

  private LabCluster startAll() throws Exception {
    var broker = new Broker(folder.resolve("kafka"), ClusterNetwork.HUB);
    var plane =
        new ControlPlane(
            folder.resolve("plane"),
            ServerBinaries.get(ROOT, System.out::println),
            ClusterNetwork.HUB);
    servers = new Supervisor(_ -> {});
    servers.keep(
        Stream.concat(
                Stream.of(broker.program(network.hub(), folder.resolve("kafka.log"))),
                plane.programs(network.hub(), folder).stream())
            .toList());
    var manifests = Files.createDirectories(folder.resolve("manifests"));
    Files.writeString(
        manifests.resolve("shop.yaml"),
        "{apiVersion: v1, kind: Namespace, metadata: {name: %s}}".formatted(NAMESPACE));
    var cluster =
        LabCluster.open(
            plane,
            ROOT,
            manifests,
            folder.resolve("mirrored"),
            Files.createDirectories(folder.resolve("beside")));
    for (var number = 1; number <= 2; number++) {
      watchers.add(
          new RunningService(
              "watcher-service",
              network.node(number),
              network.address(number),
              Map.of("bootstrap.servers", broker.bootstrap()),
              Map.of(
                  "PORTCULLIS_SOURCE",
                  "kubernetes",
                  "KUBECONFIG",
                  plane.watcherKubeconfig().toString()),
              folder.resolve("watcher-" + number + ".log")));
    }
    return cluster;
  }

  private KubernetesClient client() throws IOException {
    var config = Config.fromKubeconfig(folder.resolve("plane").resolve("kubeconfig").toFile());
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  /**
   * Checks that all changes arrive while the owner is cut off, and that it is healthy again
   * afterwards.
   */
  private void theOwnerIsCutOff(int port, KubernetesClient client) throws Exception {
    await().until(() -> owner() >= 0);
    var owner = owner();
    cut(owner, port);
    var begun = System.nanoTime();
    changesArrive(client);
    System.out.printf(
        "cut off from port %d: a change arrived after %d ms%n",
        port, (System.nanoTime() - begun) / 1_000_000);
    await().until(() -> watchers.get(1 - owner).health().contains("\"owner\": true"));
    await().until(() -> !watchers.get(owner).isReady());
    changesArrive(client);
    join(owner);
    await().until(() -> watchers.get(owner).isReady());
    changesArrive(client);
  }

  private int owner() {
    for (var i = 0; i < watchers.size(); i++) {
      if (watchers.get(i).health().contains("\"owner\": true")) {
        return i;
      }
    }
    return -1;
  }

  private void cut(int watcher, int port) throws InterruptedException {
    NamespaceProgram.run(
        network.node(watcher + 1),
        """
        table inet cut {
          chain out { type filter hook output priority 0; tcp dport %1$d drop; }
          chain in { type filter hook input priority 0; tcp sport %1$d drop; }
        }
        """
            .formatted(port),
        "nft",
        "-f",
        "-");
  }

  private void join(int watcher) throws InterruptedException {
    NamespaceProgram.run(network.node(watcher + 1), "", "nft", "delete", "table", "inet", "cut");
  }

  private void changesArrive(KubernetesClient client) {
    for (var i = 0; i < 5; i++) {
      turn++;
      client
          .namespaces()
          .resource(
              new NamespaceBuilder()
                  .withNewMetadata()
                  .withName(NAMESPACE)
                  .addToLabels(LABEL, Integer.toString(turn))
                  .endMetadata()
                  .build())
          .fieldManager("test")
          .forceConflicts()
          .serverSideApply();
    }
    await().until(() -> turns().contains(turn));
  }

  /** Returns each form of the namespace that the topic still has, in order. */
  private List<Integer> turns() {
    var settings = new KafkaSettings(Map.of("bootstrap.servers", ClusterNetwork.HUB + ":" + KAFKA));
    var partition = new TopicPartition(Topics.cluster().name(), 0);
    var key = ObjectKey.namespace(NAMESPACE).toString();
    var turns = new ArrayList<Integer>();
    try (var consumer = new KafkaConsumer<String, byte[]>(settings.reader())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      var end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        for (var item : consumer.poll(Duration.ofMillis(100))) {
          if (item.key().equals(key)) {
            assertThat(item.value()).as("it was never deleted").isNotNull();
            var found = Json.read(item.value(), ClusterObject.class);
            if (found instanceof ClusterObject.Namespace namespace
                && namespace.labels().containsKey(LABEL)) {
              turns.add(Integer.valueOf(namespace.labels().get(LABEL)));
            }
          }
        }
      }
    }
    return turns;
  }

  private void thereIsOneHistory(KubernetesClient client) {
    var turns = turns();
    assertThat(turns).isSorted().doesNotHaveDuplicates();
    assertThat(turns.getLast()).isEqualTo(turn);
    assertThat(client.namespaces().withName(NAMESPACE).get().getMetadata().getLabels())
        .containsEntry(LABEL, Integer.toString(turn));
  }
}
