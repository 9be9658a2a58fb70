package io.portcullis.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option {@code --manifests}, alone or as one choice of a group. */
class ManifestsOption {
  @Option(
      names = "--manifests",
      required = true,
      paramLabel = "DIR|FILE|-",
      description =
          "Manifests as kubectl reads them: a directory with its subdirectories, a file, or - for"
              + " standard input.")
  private Optional<Path> manifests;

  /** Returns the path that was given; absent where another choice of the group was made. */
  final Optional<Path> given() {
    return manifests;
  }

  /** Returns the path, where there is no other choice. */
  final Path path() {
    return manifests.orElseThrow();
  }
}
