package io.portcullis.lab.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Java processes that start fast and stay small: a lab has many on one machine. */
final class JavaCommand {
  private JavaCommand() {}

  /** A command line for the JVM that the lab itself runs on. */
  static List<String> of(String heap, String... arguments) {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto"));
    command.addAll(List.of(arguments));
    return List.copyOf(command);
  }
}
