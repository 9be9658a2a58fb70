package io.portcullis.lab.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Command lines of Java processes that start fast and stay small, since a lab runs many on one
 * machine.
 */
final class JavaCommand {
  private static final String ROOT = "portcullis.root";

  private JavaCommand() {}

  /**
   * Returns a command line for the JVM that the lab itself runs on.
   *
   * @param heap the maximum heap size
   * @param arguments further options, and the class or jar to run
   * @throws IllegalArgumentException if the system property {@code portcullis.root} is not set
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
                "-Xms8m", // otherwise the JVM starts with a share of the machine's memory
                "-Xmx" + heap,
                "-XX:MinHeapFreeRatio=20",
                "-XX:MaxHeapFreeRatio=40",
                "-XX:+UseSerialGC",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:CompilerDirectivesFile=" + Path.of(root, "deploy", "images", "small.json"),
                "-XX:CompileCommand=quiet",
                "-XX:-DisplayVMOutput",
                "-XX:TrimNativeHeapInterval=2000", // milliseconds: libnftables and compiling
                // leave gaps
                "-Xshare:auto"));
    command.addAll(List.of(arguments));
    return List.copyOf(command);
  }
}
