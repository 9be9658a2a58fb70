package io.portcullis.lab.kubernetes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs of others that are found on the {@code PATH}, or built from their modules. */
final class GoPrograms {
  private static final String GO = "go";

  private GoPrograms() {}

  /** The directories of the {@code PATH}. */
  static List<Path> path() {
    return Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(":"))
        .filter(directory -> !directory.isEmpty())
        .map(Path::of)
        .toList();
  }

  static Optional<Path> found(List<Path> directories, String name) {
    return directories.stream()
        .map(directory -> directory.resolve(name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Whether there is what builds them. */
  static boolean canBeBuilt() {
    return found(path(), GO).isPresent();
  }

  /** A place outside of the project for what was built; it is there when this returns. */
  static Path cache(String name) throws IOException {
    return Files.createDirectories(
        Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
            .filter(home -> !home.isEmpty())
            .map(Path::of)
            .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
            .resolve("portcullis")
            .resolve(name));
  }

  /**
   * Builds one, under another name until it is whole.
   *
   * @param module the directory of the {@code go.mod} that names its version
   * @param linking flags
   * @param program its package
   * @throws IOException with what Go says
   */
  static void build(Path module, String linking, String program, Path target)
      throws IOException, InterruptedException {
    var unfinished =
        target.resolveSibling(target.getFileName() + "." + ProcessHandle.current().pid());
    var process =
        new ProcessBuilder(
                GO, "build", "-trimpath", "-ldflags", linking, "-o", unfinished.toString(), program)
            .directory(module.toFile())
            .redirectErrorStream(true)
            .start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(program + " cannot be built in " + module + ": " + said.strip());
    }
    Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
  }
}
