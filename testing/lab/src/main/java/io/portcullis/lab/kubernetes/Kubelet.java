package io.portcullis.lab.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.portcullis.lab.network.Topology;
import io.portcullis.validation.Kind;
import io.portcullis.validation.PodPhase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plays the scheduler and all kubelets: it binds each pod that runs in the lab's network to its
 * node, reports it as running and ready with its addresses, ends pods that are being deleted, and
 * reports nodes as ready.
 */
final class Kubelet implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Kubelet.class);
  private static final int RETRY_SECONDS = 1;

  private final ClusterClient client;
  private final ApiMirror mirror;
  private final Supplier<Map<String, Topology.Pod>> places;
  private final Semaphore news = new Semaphore(1);
  private final Thread thread;
  private volatile boolean closed;

  /**
   * Creates the kubelet.
   *
   * @param client a client of the API server
   * @param mirror the objects of the API server
   * @param places returns where pods run, by {@code namespace/name}
   */
  Kubelet(ClusterClient client, ApiMirror mirror, Supplier<Map<String, Topology.Pod>> places) {
    this.client = client;
    this.mirror = mirror;
    this.places = places;
    this.thread = Thread.ofPlatform().name("lab-kubelet").daemon().start(this::run);
  }

  /** Wakes the kubelet because something has changed, at the API server or in the network. */
  void look() {
    news.release();
  }

  private void run() {
    while (!closed) {
      try {
        if (news.tryAcquire(RETRY_SECONDS, TimeUnit.SECONDS)) {
          news.drainPermits();
        }
        var present = places.get();
        for (var node : mirror.objects(Kind.NODE)) {
          attend(node);
        }
        for (var pod : mirror.objects(Kind.POD)) {
          attend(pod, present);
        }
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  private void attend(ObjectNode node) {
    var name = node.at("/metadata/name").asText();
    try {
      if (!NodeReport.isLabelled(node)) {
        client.patch(NodeReport.labels(node));
      }
      if (!NodeReport.isReady(node)) {
        client.applyStatus(NodeReport.ready(node, Instant.now()));
      }
    } catch (KubernetesClientException e) {
      LOG.warn("node {} could not be updated, will retry: {}", name, ClusterClient.reason(e));
    }
  }

  private void attend(ObjectNode pod, Map<String, Topology.Pod> present) {
    var namespace = pod.at("/metadata/namespace").asText();
    var name = pod.at("/metadata/name").asText();
    var place = present.get(namespace + "/" + name);
    try {
      if (pod.at("/metadata").has("deletionTimestamp")) {
        client.ended(namespace, name);
      } else if (place != null && !PodPhase.isFinished(pod.at("/status/phase").asText())) {
        if (pod.at("/spec/nodeName").asText().isEmpty()) {
          client.bind(namespace, name, place.node());
        }
        if (!PodReport.isReady(pod, place.addresses())) {
          client.applyStatus(
              PodReport.ready(pod, place.addresses(), hostIps(place.node()), Instant.now()));
        }
      }
    } catch (KubernetesClientException e) {
      LOG.warn(
          "pod {}/{} could not be updated, will retry: {}",
          namespace,
          name,
          ClusterClient.reason(e));
    }
  }

  /** Returns the addresses of a node in the order of its own object. */
  private List<String> hostIps(String node) {
    return mirror.objects(Kind.NODE).stream()
        .filter(object -> object.at("/metadata/name").asText().equals(node))
        .flatMap(object -> object.at("/status/addresses").valueStream())
        .filter(address -> address.path("type").asText().equals("InternalIP"))
        .map(address -> address.path("address").asText())
        .toList();
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
