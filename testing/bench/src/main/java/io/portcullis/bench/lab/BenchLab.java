package io.portcullis.bench.lab;

import io.portcullis.bench.figures.BenchOutput;
import io.portcullis.lab.Lab;
import io.portcullis.lab.LabDisplay;
import io.portcullis.lab.LabRoot;
import io.portcullis.lab.process.Services;
import io.portcullis.lab.state.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A lab with one watcher and one compiler, and a copy of the lab's default manifests that the
 * benchmark may change.
 */
public final class BenchLab implements AutoCloseable {
  private final Path work;
  private final Path manifests;
  private final Lab lab;

  private BenchLab(Path work, Path manifests, Lab lab) {
    this.work = work;
    this.manifests = manifests;
    this.lab = lab;
  }

  /**
   * Starts the lab; returns before its nodes have their first version.
   *
   * @param kubernetes whether a real API server is the source
   * @param form whether the services run on a JVM or as native images
   * @param output receives a line when something happens to a program
   */
  public static BenchLab start(boolean kubernetes, Services.Form form, BenchOutput output)
      throws IOException {
    var work = Files.createTempDirectory("portcullis-bench");
    try {
      var manifests = work.resolve("manifests");
      copy(LabRoot.path().resolve("testing").resolve("lab").resolve("manifests"), manifests);
      var options = LabRoot.options(manifests, work.resolve("state"), 1, 1, kubernetes, form);
      var lab = Lab.start(options, event -> output.progress(LabDisplay.text(event)));
      return new BenchLab(work, manifests, lab);
    } catch (IOException | RuntimeException e) {
      FileTree.delete(work);
      throw e;
    }
  }

  /** Returns the running lab. */
  public Lab lab() {
    return lab;
  }

  /** Returns the directory that the lab follows, or has applied to its API server. */
  public Path manifests() {
    return manifests;
  }

  @Override
  public void close() throws IOException {
    lab.close();
    FileTree.delete(work);
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (var files = Files.newDirectoryStream(from)) {
      for (var file : files) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }
}
