package io.portcullis.lab.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Java processes that start fast and stay small: a lab has many on one machine. */
final class JavaCommand {
  private static final String ROOT = "portcullis.root";

  private JavaCommand() {}

  /**
   * A command line for the JVM that the lab itself runs on.
   *
   * @throws IllegalArgumentException when the system property {@code portcullis.root} does not say
   *     where the project is
   */
  static List<String> of(String heap, String... arguments) {
    var root = System.getProperty(ROOT);
    if (root == null) {
      throw new IllegalArgumentException(
          "the system property " + ROOT + " is not set; use ./portcullis");
    }
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms8m", // or a JVM begins with a share of the machine's memory
                "-Xmx" + heap,
                "-XX:MinHeapFreeRatio=20",
                "-XX:MaxHeapFreeRatio=40",
                "-XX:+UseSerialGC",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:CompilerDirectivesFile=" + Path.of(root, "deploy", "images", "small.json"),
                "-XX:CompileCommand=quiet",
                "-XX:-DisplayVMOutput",
                "-XX:TrimNativeHeapInterval=2000", // milliseconds; libnftables and compiling leave
                // gaps
                "-Xshare:auto"));
    command.addAll(List.of(arguments));
    return List.copyOf(command);
  }
}
