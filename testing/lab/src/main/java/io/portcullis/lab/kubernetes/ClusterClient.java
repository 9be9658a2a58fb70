package io.portcullis.lab.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.portcullis.json.Json;
import io.portcullis.validation.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;

/** The lab's client of its API server. */
final class ClusterClient implements AutoCloseable {
  private static final String MANAGER = "portcullis-lab";
  private static final int NOT_FOUND = 404;
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);

  private final KubernetesClient client;

  private ClusterClient(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Waits for a server that is starting.
   *
   * @param plane the server
   * @param atMost how long to wait
   * @throws IOException if the server is not ready in time
   */
  static ClusterClient await(ControlPlane plane, Duration atMost)
      throws IOException, InterruptedException {
    var until = System.nanoTime() + atMost.toNanos();
    while (!Files.exists(plane.certificate())) {
      pause(until, "it has not started");
    }
    var client = plane.client();
    while (true) {
      try {
        client.raw("/readyz");
        return new ClusterClient(client);
      } catch (KubernetesClientException e) {
        try {
          pause(until, e.getMessage());
        } catch (IOException | InterruptedException late) {
          client.close();
          throw late;
        }
      }
    }
  }

  private static void pause(long untilNanos, String reason)
      throws IOException, InterruptedException {
    if (System.nanoTime() > untilNanos) {
      throw new IOException("the API server is not ready: " + reason);
    }
    Thread.sleep(BETWEEN_TRIES);
  }

  /**
   * Creates the object, or updates it.
   *
   * @throws KubernetesClientException if the server refuses it
   */
  void apply(JsonNode object) {
    client.resource(generic(object)).fieldManager(MANAGER).forceConflicts().serverSideApply();
  }

  /** Updates the status of the object, which in a cluster only a kubelet does. */
  void applyStatus(JsonNode object) {
    client.resource(generic(object)).subresource("status").patch(merging(), object.toString());
  }

  /** Changes what the patch has of the object. */
  void patch(JsonNode patch) {
    client.resource(generic(patch)).patch(merging(), patch.toString());
  }

  private static PatchContext merging() {
    return new PatchContext.Builder()
        .withPatchType(PatchType.JSON_MERGE) // two addresses of a node can have one type
        .withFieldManager(MANAGER)
        .build();
  }

  /** Deletes an object that exists. */
  void delete(JsonNode object) {
    client.resource(generic(object)).delete();
  }

  private static GenericKubernetesResource generic(JsonNode object) {
    return Json.mapper().convertValue(object, GenericKubernetesResource.class);
  }

  /** Tells whether a namespace exists. */
  boolean hasNamespace(String name) {
    return client.namespaces().withName(name).get() != null;
  }

  /** Binds the pod to a node, as a scheduler does. */
  void bind(String namespace, String pod, String node) {
    var binding = Json.mapper().createObjectNode();
    binding.put("apiVersion", "v1").put("kind", "Binding");
    binding.putObject("metadata").put("name", pod);
    binding.putObject("target").put("apiVersion", "v1").put("kind", "Node").put("name", node);
    post("/api/v1/namespaces/%s/pods/%s/binding".formatted(namespace, pod), binding);
  }

  /** Removes a pod that is being deleted, as a kubelet does when its containers have ended. */
  void ended(String namespace, String pod) {
    client.pods().inNamespace(namespace).withName(pod).withGracePeriod(0).delete();
  }

  /** Requests a token of a service account. */
  String token(String namespace, String account, Duration validFor) {
    var request = Json.mapper().createObjectNode();
    request.put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenRequest");
    request.putObject("spec").put("expirationSeconds", validFor.toSeconds());
    return post(
            "/api/v1/namespaces/%s/serviceaccounts/%s/token".formatted(namespace, account), request)
        .path("status")
        .path("token")
        .asText();
  }

  private JsonNode post(String path, ObjectNode body) {
    try {
      return Json.mapper()
          .readTree(client.raw(path, "POST", Json.mapper().writeValueAsString(body)));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException(path + ": no JSON", e);
    }
  }

  /**
   * Waits until the server lists a kind as informers ask for it, from its cache. A new kind is
   * listed some moments after its definition was created, and its cache is there later still.
   *
   * @param kind the kind
   * @param atMost how long to wait
   * @throws IOException if the server does not list it in time
   */
  void awaitListed(Kind kind, Duration atMost) throws IOException, InterruptedException {
    var until = System.nanoTime() + atMost.toNanos();
    while (true) {
      try {
        client.raw(kind.path() + "?limit=1&resourceVersion=0");
        return;
      } catch (KubernetesClientException e) {
        pause(until, reason(e));
      }
    }
  }

  /** Follows all objects of a kind. */
  SharedIndexInformer<GenericKubernetesResource> follow(
      Kind kind, ResourceEventHandler<GenericKubernetesResource> events) {
    var slash = kind.apiVersion().indexOf('/');
    var context =
        new ResourceDefinitionContext.Builder()
            .withGroup(slash < 0 ? "" : kind.apiVersion().substring(0, slash))
            .withVersion(kind.apiVersion().substring(slash + 1))
            .withKind(kind.kind())
            .withPlural(kind.plural())
            .withNamespaced(kind.isNamespaced())
            .build();
    return client.genericKubernetesResources(context).inAnyNamespace().inform(events);
  }

  /** Returns why the server refused, in its own words. */
  static String reason(KubernetesClientException e) {
    return e.getCode() == NOT_FOUND ? "it does not serve this kind" : said(e);
  }

  private static String said(KubernetesClientException e) {
    return Optional.ofNullable(e.getStatus())
        .flatMap(status -> Optional.ofNullable(status.getMessage()))
        .orElseGet(e::getMessage);
  }

  @Override
  public void close() {
    client.close();
  }
}
