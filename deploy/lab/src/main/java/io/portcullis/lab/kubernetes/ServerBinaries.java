package io.portcullis.lab.kubernetes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The programs of an API server: where {@code KUBEBUILDER_ASSETS} or the {@code PATH} have them, or
 * built once from their modules into a cache.
 *
 * @param apiServer {@code kube-apiserver}
 */
public record ServerBinaries(Path apiServer, Path etcd) {
  private static final String API_SERVER = "kube-apiserver";
  private static final String ETCD = "etcd";
  private static final String GO = "go";

  /** The one that {@code go.mod} names; it tells it to its clients. */
  private static final String VERSION = "v1.36.3";

  /**
   * Finds or builds them.
   *
   * @param root of the project
   * @param progress told what takes long
   * @throws IOException with the remedy
   */
  public static ServerBinaries get(Path root, Consumer<String> progress)
      throws IOException, InterruptedException {
    var there = found(directories());
    return there.isPresent() ? there.get() : built(root, progress);
  }

  /** Whether {@link #get} can do it without asking for anything to be installed. */
  public static boolean canBeHad() {
    return found(directories()).isPresent() || program(directories(), GO).isPresent();
  }

  private static List<Path> directories() {
    return Stream.concat(
            Optional.ofNullable(System.getenv("KUBEBUILDER_ASSETS")).stream(),
            Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(":")))
        .filter(directory -> !directory.isEmpty())
        .map(Path::of)
        .toList();
  }

  private static Optional<ServerBinaries> found(List<Path> directories) {
    return program(directories, API_SERVER)
        .flatMap(
            server -> program(directories, ETCD).map(etcd -> new ServerBinaries(server, etcd)));
  }

  private static Optional<Path> program(List<Path> directories, String name) {
    return directories.stream()
        .map(directory -> directory.resolve(name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static ServerBinaries built(Path root, Consumer<String> progress)
      throws IOException, InterruptedException {
    var cache = cache();
    var built = new ServerBinaries(cache.resolve(API_SERVER), cache.resolve(ETCD));
    if (Files.isExecutable(built.apiServer()) && Files.isExecutable(built.etcd())) {
      return built;
    }
    if (program(directories(), GO).isEmpty()) {
      throw new IOException(
          "no kube-apiserver and etcd in KUBEBUILDER_ASSETS or the PATH, and no Go to build them:"
              + " install either (setup-envtest has both)");
    }
    Files.createDirectories(cache);
    progress.accept(
        "building kube-apiserver and etcd into " + cache + ", once, which takes some minutes");
    var module = root.resolve("deploy").resolve("lab").resolve("apiserver");
    var stamp = "-s -w -X k8s.io/component-base/version.gitVersion=" + VERSION;
    build(module, stamp, "k8s.io/kubernetes/cmd/kube-apiserver", built.apiServer());
    build(module, "-s -w", "go.etcd.io/etcd/server/v3", built.etcd());
    return built;
  }

  private static Path cache() {
    return Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
        .filter(home -> !home.isEmpty())
        .map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
        .resolve("portcullis")
        .resolve("apiserver-" + VERSION);
  }

  /** Under another name until it is whole. */
  private static void build(Path module, String linking, String program, Path target)
      throws IOException, InterruptedException {
    var unfinished =
        target.resolveSibling(target.getFileName() + "." + ProcessHandle.current().pid());
    var process =
        new ProcessBuilder(
                GO, "build", "-trimpath", "-ldflags", linking, "-o", unfinished.toString(), program)
            .directory(module.toFile())
            .redirectErrorStream(true)
            .start();
    var said =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(program + " cannot be built in " + module + ": " + said.strip());
    }
    Files.move(unfinished, target, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }
}
