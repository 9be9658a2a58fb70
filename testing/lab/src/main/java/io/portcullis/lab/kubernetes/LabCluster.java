package io.portcullis.lab.kubernetes;

import io.portcullis.lab.manifests.Derivation;
import io.portcullis.lab.manifests.EditableManifest;
import io.portcullis.lab.network.Topology;
import io.portcullis.manifest.ManifestFiles;
import io.portcullis.manifest.ManifestReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * A lab's API server with its objects.
 *
 * <pre>
 *   manifests --once--> API server --mirrored--> a manifest that the lab follows
 *                          ^                             |
 *                          +--- nodes, addresses, ready --+
 * </pre>
 */
public final class LabCluster implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(10);
  private static final Duration TOKEN = Duration.ofHours(24);
  private static final String NAMESPACE = "portcullis";
  private static final String ACCOUNT = "portcullis-watcher";

  private final ClusterClient client;
  private final ApiMirror mirror;
  private final List<String> refused;
  private volatile Kubelet kubelet;

  private LabCluster(ClusterClient client, ApiMirror mirror, List<String> refused) {
    this.client = client;
    this.mirror = mirror;
    this.refused = List.copyOf(refused);
  }

  /**
   * Waits for the server, applies all objects to it and follows them.
   *
   * @param plane the server
   * @param root the project's root directory, which has the custom resource definitions and the
   *     watcher's role
   * @param manifests the user's manifests
   * @param mirrored the directory of the manifest that mirrors the server's objects
   * @param beside a directory for that manifest while it is written
   */
  public static LabCluster open(
      ControlPlane plane, Path root, Path manifests, Path mirrored, Path beside)
      throws IOException, InterruptedException {
    var client = ClusterClient.await(plane, START);
    try {
      plane.writeKubeconfig();
      var seed = new Seed(client);
      require(seed.apply(files(root.resolve("deploy/kubernetes/crds"))));
      require(seed.apply(files(root.resolve("deploy/kubernetes/rbac/watcher.yaml"))));
      plane.writeWatcherKubeconfig(client.token(NAMESPACE, ACCOUNT, TOKEN));
      var refused = seed.apply(new Derivation().derive(files(manifests)));
      Files.createDirectories(mirrored);
      var mirror = new ApiMirror(client, mirrored.resolve("objects.json"), beside);
      return new LabCluster(client, mirror, refused);
    } catch (IOException | RuntimeException e) {
      client.close();
      throw e;
    }
  }

  private static void require(List<String> refused) throws IOException {
    if (!refused.isEmpty()) {
      throw new IOException(String.join("\n", refused));
    }
  }

  private static TreeMap<String, byte[]> files(Path directory) throws IOException {
    var files = new TreeMap<String, byte[]>();
    for (var file : ManifestFiles.under(directory).files().entrySet()) {
      files.put(file.getKey(), ManifestReader.bytes(file.getValue()));
    }
    return files;
  }

  /** Starts to bind and report pods as the lab's network has them. */
  public void run(Supplier<Map<String, Topology.Pod>> places) {
    kubelet = new Kubelet(client, mirror, places);
    mirror.follow(kubelet::look);
  }

  /** Wakes the kubelet because pods have moved, or the server's objects have changed. */
  public void look() {
    if (kubelet != null) {
      kubelet.look();
    }
  }

  /**
   * Creates or updates the objects of a manifest.
   *
   * @throws IOException if the server refuses one
   */
  public void apply(byte[] manifest) throws IOException {
    require(new Seed(client).apply(Map.of("manifest", manifest)));
  }

  /** Deletes the objects of a manifest, which must exist. */
  public void delete(byte[] manifest) {
    EditableManifest.of(manifest).items().forEach(item -> client.delete(Seed.typed(item)));
  }

  /** Returns the objects of the user's manifests that the server refused, a line each. */
  public List<String> refused() {
    return refused;
  }

  @Override
  public void close() {
    if (kubelet != null) {
      kubelet.close();
    }
    mirror.close();
    client.close();
  }
}
