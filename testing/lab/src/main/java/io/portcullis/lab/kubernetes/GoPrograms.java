package io.portcullis.lab.kubernetes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds programs of other projects on the {@code PATH}, or builds them from their Go modules. */
final class GoPrograms {
  private static final String GO = "go";

  private GoPrograms() {}

  /** Returns the directories of the {@code PATH}. */
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

  /** Tells whether Go is installed, which builds them. */
  static boolean canBeBuilt() {
    return found(path(), GO).isPresent();
  }

  /** Returns a directory outside of the project for built programs, created if it is missing. */
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
   * Builds a program; the file gets its name only when it is complete.
   *
   * @param module the directory of the {@code go.mod} that names its version
   * @param linking the linker flags
   * @param program its package
   * @param target the file to build
   * @throws IOException with Go's message, if the build fails
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
      throw new IOException(program + " could not be built in " + module + ": " + said.strip());
    }
    Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
  }
}
