package io.portcullis.lab.process;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.json.Json;
import io.portcullis.topic.KafkaSettings;
import io.portcullis.topic.TopicAdmin;
import io.portcullis.topic.TopicReader;
import io.portcullis.topic.Topics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Changes policies of one namespace at random from several clients at once. */
final class RandomClients {
  private static final int CLIENTS = 3;
  private static final int CHANGES = Integer.getInteger("portcullis.changes", 1_000);

  private final KubernetesLab cluster;

  RandomClients(KubernetesLab cluster) {
    this.cluster = cluster;
  }

  /** Starts the clients; the result ends when all have made their changes. */
  CompletableFuture<Void> start() {
    cluster.apply("apiVersion: v1\nkind: Namespace\nmetadata: {name: many}\n");
    var clients = new ArrayList<CompletableFuture<Void>>();
    for (var number = 0; number < CLIENTS; number++) {
      var random = new Random(number);
      clients.add(CompletableFuture.runAsync(() -> change(random)));
    }
    return CompletableFuture.allOf(clients.toArray(CompletableFuture[]::new));
  }

  private void change(Random random) {
    for (var i = 0; i < CHANGES / CLIENTS; i++) {
      var policy =
          KubernetesLab.policy("many-" + random.nextInt(60), 1 + random.nextInt(60_000))
              .replace("namespace: shop", "namespace: many");
      try {
        if (random.nextInt(3) == 0) {
          cluster.delete(policy);
        } else {
          cluster.apply(policy);
        }
        Thread.sleep(10);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Returns UID and generation by name, as the API server has them. */
  SortedMap<String, String> present() {
    var present = new TreeMap<String, String>();
    for (var policy :
        cluster.client().network().networkPolicies().inNamespace("many").list().getItems()) {
      var metadata = policy.getMetadata();
      present.put(metadata.getName(), metadata.getUid() + " " + metadata.getGeneration());
    }
    return present;
  }

  /** Returns UID and generation by name, as the cluster topic has them. */
  SortedMap<String, String> published() throws IOException {
    var settings =
        new KafkaSettings(Map.of("bootstrap.servers", cluster.lab().json().path("kafka").asText()));
    var published = new TreeMap<String, String>();
    try (var admin = new TopicAdmin(settings)) {
      var topic = new TopicReader(settings, admin).content(Topics.cluster().name(), 0);
      for (var value : topic.orElseThrow().values().entrySet()) {
        if (value.getKey().startsWith("networking.k8s.io/NetworkPolicy/many/")) {
          var object = Json.read(value.getValue(), ClusterObject.class);
          published.put(
              object.key().name(), object.origin().uid() + " " + object.origin().generation());
        }
      }
    }
    return published;
  }
}
