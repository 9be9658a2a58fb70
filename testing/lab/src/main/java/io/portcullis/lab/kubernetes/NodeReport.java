package io.portcullis.lab.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.portcullis.json.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What a kubelet and the node controller write to the object of a node that is ready. */
final class NodeReport {
  private static final String OS = "kubernetes.io/os";
  private static final String HOST_NAME = "kubernetes.io/hostname";

  /** The API server marks each new node so, until a controller takes it away. */
  private static final String NOT_READY = "node.kubernetes.io/not-ready";

  private NodeReport() {}

  /** Tests whether the node has a kubelet's labels, and is not marked as not ready. */
  static boolean isLabelled(JsonNode node) {
    var labels = node.path("metadata").path("labels");
    return labels.has(OS)
        && labels.has(HOST_NAME)
        && node.at("/spec/taints")
            .valueStream()
            .noneMatch(taint -> taint.path("key").asText().equals(NOT_READY));
  }

  /** Returns a merge patch with the labels that are missing, and without the mark. */
  static ObjectNode labels(JsonNode node) {
    var patch = named(node);
    var present = node.path("metadata").path("labels");
    var labels = ((ObjectNode) patch.path("metadata")).putObject("labels");
    if (!present.has(OS)) {
      labels.put(OS, "linux");
    }
    if (!present.has(HOST_NAME)) {
      labels.put(HOST_NAME, node.at("/metadata/name").asText());
    }
    var taints = patch.putObject("spec").putArray("taints");
    node.at("/spec/taints")
        .valueStream()
        .filter(taint -> !taint.path("key").asText().equals(NOT_READY))
        .forEach(taints::add);
    return patch;
  }

  /** Tests whether the node was reported as ready. */
  static boolean isReady(JsonNode node) {
    return node.at("/status/conditions")
        .valueStream()
        .anyMatch(
            condition ->
                condition.path("type").asText().equals("Ready")
                    && condition.path("status").asText().equals("True"));
  }

  /** Returns a merge patch of the status of a node that is ready. */
  static ObjectNode ready(JsonNode node, Instant at) {
    var now = at.truncatedTo(ChronoUnit.SECONDS).toString();
    var patch = named(node);
    patch
        .putObject("status")
        .putArray("conditions")
        .addObject()
        .put("type", "Ready")
        .put("status", "True")
        .put("reason", "KubeletReady")
        .put("message", "the lab's kubelet is ready")
        .put("lastHeartbeatTime", now)
        .put("lastTransitionTime", now);
    return patch;
  }

  private static ObjectNode named(JsonNode node) {
    var patch = Json.mapper().createObjectNode().put("apiVersion", "v1").put("kind", "Node");
    patch.putObject("metadata").put("name", node.at("/metadata/name").asText());
    return patch;
  }
}
