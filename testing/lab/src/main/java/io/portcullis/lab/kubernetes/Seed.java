package io.portcullis.lab.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.portcullis.json.Json;
import io.portcullis.lab.manifests.EditableManifest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Applies manifests to an API server. What a server requires and manifests may leave out is filled
 * in: namespaces, and a container for pods without one.
 */
final class Seed {
  private static final List<String> FIRST =
      List.of("CustomResourceDefinition", "Namespace", "ClusterRole", "ServiceAccount", "Node");

  private final ClusterClient client;

  Seed(ClusterClient client) {
    this.client = client;
  }

  /** An object and the file that it comes from. */
  private record Found(String file, String kind, ObjectNode object) {
    private int rank() {
      var rank = FIRST.indexOf(kind);
      return rank < 0 ? FIRST.size() : rank;
    }

    private String display() {
      var metadata = object.path("metadata");
      var namespace = metadata.path("namespace").asText();
      return kind
          + "/"
          + (namespace.isEmpty() ? "" : namespace + "/")
          + metadata.path("name").asText();
    }
  }

  /**
   * Applies all objects.
   *
   * @param files the files by name
   * @return the objects that the server refused, a line each
   */
  List<String> apply(Map<String, byte[]> files) {
    var found = new ArrayList<Found>();
    files.forEach(
        (file, bytes) ->
            EditableManifest.of(bytes)
                .items()
                .forEach(item -> found.add(new Found(file, item.kind(), typed(item)))));
    found.sort(
        Comparator.comparingInt(
            Found::rank)); // stable, so within a rank objects keep the order of their files
    var refused = new ArrayList<String>();
    makeNamespaces(found);
    for (var each : found) {
      try {
        apply(each.kind(), each.object());
      } catch (KubernetesClientException e) {
        refused.add(
            "%s: %s: refused by the API server: %s"
                .formatted(each.file(), each.display(), ClusterClient.reason(e)));
      }
    }
    return refused;
  }

  static ObjectNode typed(EditableManifest.Item item) {
    return item.object().deepCopy().put("apiVersion", item.apiVersion()).put("kind", item.kind());
  }

  private void makeNamespaces(List<Found> found) {
    var named = new TreeSet<String>();
    found.forEach(each -> named.add(each.object().path("metadata").path("namespace").asText()));
    found.stream()
        .filter(each -> each.kind().equals("Namespace"))
        .forEach(each -> named.remove(each.object().path("metadata").path("name").asText()));
    for (var name : named) {
      if (!name.isEmpty() && !client.hasNamespace(name)) {
        var namespace = Json.mapper().createObjectNode().put("apiVersion", "v1");
        namespace.put("kind", "Namespace").putObject("metadata").put("name", name);
        client.apply(namespace);
      }
    }
  }

  private void apply(String kind, ObjectNode object) {
    var metadata = object.withObject("/metadata");
    metadata.remove(
        List.of("uid", "resourceVersion", "creationTimestamp", "generation", "managedFields"));
    if (kind.equals("Pod") || kind.equals("NetworkPolicy")) {
      if (metadata.path("namespace").asText().isEmpty()) {
        metadata.put("namespace", "default");
      }
    }
    var status = object.remove("status");
    if (kind.equals("Pod") && object.path("spec").path("containers").isEmpty()) {
      object.withObject("/spec").putArray("containers").addObject().put("name", "main");
    }
    if (kind.equals("Pod")) {
      for (var container : object.path("spec").path("containers")) {
        if (container instanceof ObjectNode node && !node.has("image")) {
          node.put("image", "lab");
        }
      }
    }
    client.apply(object);
    if (status != null && (kind.equals("Pod") || kind.equals("Node"))) {
      var told = Json.mapper().createObjectNode();
      told.put("apiVersion", object.path("apiVersion").asText()).put("kind", kind);
      var name = told.putObject("metadata").put("name", metadata.path("name").asText());
      if (metadata.has("namespace")) {
        name.put("namespace", metadata.path("namespace").asText());
      }
      told.set("status", status);
      client.applyStatus(told);
    }
  }
}
