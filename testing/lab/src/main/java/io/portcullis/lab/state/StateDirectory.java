package io.portcullis.lab.state;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** The directory of one lab's files; only one lab at a time can have it. */
public final class StateDirectory implements AutoCloseable {
  private static final String LAB_JSON = "lab.json";
  private static final String MANIFESTS = "manifests";
  private static final String KAFKA = "kafka";
  private static final String LOGS = "logs";
  private static final String NODES = "nodes";
  private static final String TEMPORARY = "tmp";
  private static final String INPUT = "input";
  private static final String KUBERNETES = "kubernetes";
  private static final String OBJECTS = "objects";

  private static final List<String> ONE_LABS =
      List.of(LAB_JSON, MANIFESTS, KAFKA, NODES, TEMPORARY, INPUT, KUBERNETES, OBJECTS);

  private final Path root;
  private final FileChannel lock;

  private StateDirectory(Path root, FileChannel lock) {
    this.root = root;
    this.lock = lock;
  }

  /**
   * Takes the directory and clears what an earlier lab left in it.
   *
   * @throws IOException if another lab runs in it, or it cannot be used
   */
  public static StateDirectory open(Path root) throws IOException {
    var real = Files.createDirectories(root.toAbsolutePath().normalize()).toRealPath();
    var lock =
        FileLocks.take(real.resolve("lock"))
            .orElseThrow(
                () ->
                    new IOException(
                        "a lab is already running in "
                            + root
                            + "; stop it, or choose another directory with --state"));
    var state = new StateDirectory(real, lock);
    state.clear(ONE_LABS);
    state.clear(List.of(LOGS));
    for (var folder : List.of(MANIFESTS, KAFKA, LOGS, NODES, TEMPORARY, INPUT)) {
      Files.createDirectories(real.resolve(folder));
    }
    return state;
  }

  /** Returns the directory of the manifests that the watcher reads. */
  public Path manifests() {
    return root.resolve(MANIFESTS);
  }

  public Path kafka() {
    return root.resolve(KAFKA);
  }

  /** Returns the directory of the programs' logs, which are kept until the next lab starts. */
  public Path logs() {
    return root.resolve(LOGS);
  }

  /** Returns the directory that stands for the disk of a node. */
  public Path node(String name) {
    return root.resolve(NODES).resolve(name);
  }

  /** Returns the file that tells the id of a node's last boot. */
  public Path bootId(String node) {
    return root.resolve(NODES).resolve(node + ".boot_id");
  }

  /** Lets a node have booted: its agent finds another id when it starts the next time. */
  public void boot(String node) throws IOException {
    WholeFile.write(
        bootId(node), temporary().resolve(node + ".boot_id"), UUID.randomUUID().toString());
  }

  /** Returns the directory of files while they are written. */
  public Path temporary() {
    return root.resolve(TEMPORARY);
  }

  /** Returns the directory of manifests that came from standard input. */
  public Path input() {
    return root.resolve(INPUT);
  }

  /** Returns the directory of the API server's data, keys and kubeconfigs. */
  public Path kubernetes() {
    return root.resolve(KUBERNETES);
  }

  /** Returns the directory of the API server's objects as a manifest. */
  public Path objects() {
    return root.resolve(OBJECTS);
  }

  public Path labJson() {
    return root.resolve(LAB_JSON);
  }

  /** Writes {@code lab.json} atomically. */
  public void write(LabJson lab) throws IOException {
    WholeFile.write(labJson(), temporary().resolve(LAB_JSON), lab.bytes());
  }

  private void clear(List<String> entries) throws IOException {
    for (var entry : entries) {
      FileTree.delete(root.resolve(entry));
    }
  }

  @Override
  public void close() throws IOException {
    clear(ONE_LABS);
    lock.close();
  }
}
