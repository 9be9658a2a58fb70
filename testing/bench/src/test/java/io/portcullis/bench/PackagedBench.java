package io.portcullis.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts the packaged benchmarks as {@code ./portcullis bench} does. */
public final class PackagedBench {
  private PackagedBench() {}

  /** Returns the command line with those arguments. */
  public static ProcessBuilder command(String... arguments) throws IOException {
    var classPath = "target/bench.jar:" + Files.readString(Path.of("target/classpath"));
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Dportcullis.root=" + Path.of("..", "..").toAbsolutePath().normalize(),
                "-cp",
                classPath,
                Main.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }
}
