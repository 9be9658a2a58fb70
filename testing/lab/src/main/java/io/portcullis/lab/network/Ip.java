package io.portcullis.lab.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** Runs the {@code ip} program, many commands at a time. */
final class Ip {
  private static final Path NAMED = Path.of("/run/netns");

  private Ip() {}

  /**
   * Runs the batches in order; stops at the first command that fails.
   *
   * @throws NetworkException with the message of {@code ip}
   */
  static void run(Collection<Plan.Batch> batches) {
    for (var batch : batches) {
      if (!batch.lines().isEmpty()) {
        run(arguments(batch), batch.lines());
      }
    }
  }

  /**
   * Runs every command even if some fail, for links and namespaces that may be gone already.
   *
   * @return the failures
   */
  static List<NetworkException> runAll(Collection<Plan.Batch> batches) {
    var failures = new ArrayList<NetworkException>();
    for (var batch : batches) {
      if (batch.lines().isEmpty()) {
        continue;
      }
      var command = new ArrayList<>(arguments(batch));
      command.add(1, "-force");
      try {
        run(command, batch.lines());
      } catch (NetworkException e) {
        failures.add(e);
      }
    }
    return failures;
  }

  /** Returns the namespaces whose names start with the prefix. */
  static List<String> namespaces(String prefix) {
    try (Stream<Path> names = Files.list(NAMED)) {
      return names
          .map(path -> path.getFileName().toString())
          .filter(name -> name.startsWith(prefix))
          .sorted()
          .toList();
    } catch (java.nio.file.NoSuchFileException e) {
      return List.of(); // ip creates the directory with the first namespace
    } catch (IOException e) {
      throw new NetworkException("cannot list " + NAMED + ": " + e.getMessage(), e);
    }
  }

  private static List<String> arguments(Plan.Batch batch) {
    return batch.namespace().equals(Plan.Batch.HERE)
        ? List.of("ip", "-batch", "-")
        : List.of("ip", "-n", batch.namespace(), "-batch", "-");
  }

  private static void run(List<String> command, List<String> lines) {
    try {
      ShortProgram.run(command, String.join("\n", lines) + "\n");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NetworkException("interrupted while ip ran", e);
    }
  }
}
