package io.portcullis.lab.state;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The folder of one lab's files; one lab at a time has it. */
public final class StateDirectory implements AutoCloseable {
  private static final String LAB_JSON = "lab.json";
  private static final String MANIFESTS = "manifests";
  private static final String KAFKA = "kafka";
  private static final String LOGS = "logs";
  private static final String TEMPORARY = "tmp";
  private static final String INPUT = "input";
  private static final String KUBERNETES = "kubernetes";
  private static final String OBJECTS = "objects";

  private final Path root;
  private final FileChannel lock;

  private StateDirectory(Path root, FileChannel lock) {
    this.root = root;
    this.lock = lock;
  }

  /**
   * Takes the folder and clears what an earlier lab left in it.
   *
   * @throws IOException also when another lab runs in it
   */
  public static StateDirectory open(Path root) throws IOException {
    var real = Files.createDirectories(root.toAbsolutePath().normalize()).toRealPath();
    var lock =
        FileLocks.take(real.resolve("lock"))
            .orElseThrow(
                () ->
                    new IOException(
                        "a lab runs in " + root + " already; end it, or give --state DIR"));
    var state = new StateDirectory(real, lock);
    state.clear(List.of(LAB_JSON, MANIFESTS, KAFKA, LOGS, TEMPORARY, INPUT, KUBERNETES, OBJECTS));
    for (var folder : List.of(MANIFESTS, KAFKA, LOGS, TEMPORARY, INPUT)) {
      Files.createDirectories(real.resolve(folder));
    }
    return state;
  }

  /** The manifests that the watcher reads. */
  public Path manifests() {
    return root.resolve(MANIFESTS);
  }

  public Path kafka() {
    return root.resolve(KAFKA);
  }

  /** What the programs say; kept until the next lab begins. */
  public Path logs() {
    return root.resolve(LOGS);
  }

  /** For files that are being written. */
  public Path temporary() {
    return root.resolve(TEMPORARY);
  }

  /** For manifests that came by standard input. */
  public Path input() {
    return root.resolve(INPUT);
  }

  /** The API server's data, keys and kubeconfigs. */
  public Path kubernetes() {
    return root.resolve(KUBERNETES);
  }

  /** The API server's objects as a manifest. */
  public Path objects() {
    return root.resolve(OBJECTS);
  }

  public Path labJson() {
    return root.resolve(LAB_JSON);
  }

  /** Writes {@code lab.json}, whole or not at all. */
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
    clear(List.of(LAB_JSON, MANIFESTS, KAFKA, TEMPORARY, INPUT, KUBERNETES, OBJECTS));
    lock.close();
  }
}
