package io.portcullis.lab.kubernetes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The programs of an API server. They come from {@code KUBEBUILDER_ASSETS} or the {@code PATH}, or
 * are built once from their modules into a cache.
 *
 * @param apiServer the path of {@code kube-apiserver}
 * @param etcd the path of {@code etcd}
 */
public record ServerBinaries(Path apiServer, Path etcd) {
  private static final String API_SERVER = "kube-apiserver";
  private static final String ETCD = "etcd";

  /** The version that {@code go.mod} names; the server reports it to its clients. */
  static final String VERSION = "v1.36.3";

  /**
   * Finds or builds the programs.
   *
   * @param root the project's root directory
   * @param progress receives a line before a step that takes long
   * @throws IOException if that is impossible; the message says what to do
   */
  public static ServerBinaries get(Path root, Consumer<String> progress)
      throws IOException, InterruptedException {
    var there = found(directories());
    return there.isPresent() ? there.get() : built(root, progress);
  }

  /** Tells whether {@link #get} can succeed without anything else being installed. */
  public static boolean canBeHad() {
    return found(directories()).isPresent() || GoPrograms.canBeBuilt();
  }

  private static List<Path> directories() {
    return Stream.concat(
            Optional.ofNullable(System.getenv("KUBEBUILDER_ASSETS")).map(Path::of).stream(),
            GoPrograms.path().stream())
        .toList();
  }

  private static Optional<ServerBinaries> found(List<Path> directories) {
    return GoPrograms.found(directories, API_SERVER)
        .flatMap(
            server ->
                GoPrograms.found(directories, ETCD).map(etcd -> new ServerBinaries(server, etcd)));
  }

  private static ServerBinaries built(Path root, Consumer<String> progress)
      throws IOException, InterruptedException {
    var cache = GoPrograms.cache("apiserver-" + VERSION);
    var built = new ServerBinaries(cache.resolve(API_SERVER), cache.resolve(ETCD));
    if (Files.isExecutable(built.apiServer()) && Files.isExecutable(built.etcd())) {
      return built;
    }
    if (!GoPrograms.canBeBuilt()) {
      throw new IOException(
          "kube-apiserver and etcd are not in KUBEBUILDER_ASSETS or the PATH, and Go is not installed to build them:"
              + " install Go, or get both with setup-envtest");
    }
    progress.accept(
        "building kube-apiserver and etcd into "
            + cache
            + "; this is done once and takes some minutes");
    var module = root.resolve("testing").resolve("lab").resolve("apiserver");
    var stamp = "-s -w -X k8s.io/component-base/version.gitVersion=" + VERSION;
    GoPrograms.build(module, stamp, "k8s.io/kubernetes/cmd/kube-apiserver", built.apiServer());
    GoPrograms.build(module, "-s -w", "go.etcd.io/etcd/server/v3", built.etcd());
    return built;
  }
}
