package io.portcullis.lab.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.portcullis.json.Json;
import io.portcullis.lab.state.WholeFile;
import io.portcullis.validation.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a file equal to the objects of an API server, as {@code kubectl get -o yaml} would print
 * them. The lab follows that file as it follows any user's manifests.
 */
final class ApiMirror implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ApiMirror.class);
  private static final Duration START = Duration.ofSeconds(60);

  private final Path file;
  private final Path beside;
  private final Map<Kind, SharedIndexInformer<GenericKubernetesResource>> informers =
      new EnumMap<>(Kind.class);
  private final Semaphore news = new Semaphore(0);
  private volatile boolean closed;

  /**
   * Creates the mirror; returns when the file exists.
   *
   * @param client a client of the API server
   * @param file the file to keep
   * @param beside a directory on the same file system, for the file while it is written
   */
  ApiMirror(ClusterClient client, Path file, Path beside) throws IOException, InterruptedException {
    this.file = file;
    this.beside = beside;
    var kinds = EnumSet.allOf(Kind.class);
    kinds.remove(Kind.LEGACY_POLICY); // current servers do not serve it
    for (var kind : kinds) {
      client.awaitListed(kind, START);
      informers.put(kind, client.follow(kind, new Telling()));
    }
    write();
  }

  /**
   * Starts to update the file when objects change.
   *
   * @param changed is called after each write, on this mirror's thread
   */
  void follow(Runnable changed) {
    Thread.ofPlatform().name("lab-api-mirror").daemon().start(() -> run(changed));
  }

  private final class Telling implements ResourceEventHandler<GenericKubernetesResource> {
    @Override
    public void onAdd(GenericKubernetesResource object) {
      news.release();
    }

    @Override
    public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource object) {
      news.release();
    }

    @Override
    public void onDelete(GenericKubernetesResource object, boolean unknown) {
      news.release();
    }
  }

  private void run(Runnable changed) {
    while (true) {
      try {
        news.acquire();
        news.drainPermits();
        if (closed) {
          return;
        }
        write();
        changed.run();
      } catch (InterruptedException _) {
        return;
      } catch (IOException | RuntimeException e) {
        LOG.error("the API server's objects could not be read", e);
      }
    }
  }

  /** Returns the present objects of a kind. */
  List<ObjectNode> objects(Kind kind) {
    return informers.get(kind).getStore().list().stream()
        .map(object -> (ObjectNode) Json.mapper().valueToTree(object))
        .toList();
  }

  private void write() throws IOException {
    var list = Json.mapper().createObjectNode().put("apiVersion", "v1").put("kind", "List");
    var items = list.putArray("items");
    for (var kind : informers.keySet()) {
      for (var object : objects(kind)) {
        object.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
        object.withObject("/metadata").remove("managedFields");
        items.add(object);
      }
    }
    WholeFile.write(file, beside.resolve("objects"), Json.bytes(list));
  }

  @Override
  public void close() {
    closed = true;
    news.release();
    informers.values().forEach(SharedIndexInformer::close);
  }
}
