package io.portcullis.lab;

import io.portcullis.lab.process.Services;
import java.nio.file.Path;
import java.util.Optional;

/** Where the project is, as the script that starts the lab says. */
final class LabRoot {
  private static final String PROPERTY = "portcullis.root";

  private LabRoot() {}

  static Path path() {
    return Path.of(
        Optional.ofNullable(System.getProperty(PROPERTY))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "the system property " + PROPERTY + " is not set; use ./portcullis")));
  }

  /** A lab of this project. Without manifests and a folder for its state it has its own. */
  static LabOptions options(
      Path manifests, Path state, int compilers, int watchers, Services.Form form) {
    var root = path();
    return new LabOptions(
        root,
        Optional.ofNullable(manifests)
            .orElseGet(() -> root.resolve("deploy").resolve("lab").resolve("manifests")),
        Optional.ofNullable(state).orElseGet(() -> root.resolve(".lab")),
        compilers,
        watchers,
        form);
  }
}
