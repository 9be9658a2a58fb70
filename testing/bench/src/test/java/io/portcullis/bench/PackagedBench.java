package io.portcullis.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The packaged benchmarks as a program, as {@code ./portcullis bench} starts it. */
public final class PackagedBench {
  private PackagedBench() {}

  /** The command line with those arguments. */
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
