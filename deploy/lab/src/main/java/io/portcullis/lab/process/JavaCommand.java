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
                "-Xms8m", // or a JVM begins with a share of the machine's memory
                "-Xmx" + heap,
                "-XX:MinHeapFreeRatio=20",
                "-XX:MaxHeapFreeRatio=40",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto"));
    command.addAll(List.of(arguments));
    return List.copyOf(command);
  }
}
