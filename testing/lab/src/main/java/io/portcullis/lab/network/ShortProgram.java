package io.portcullis.lab.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs a program that ends soon. */
public final class ShortProgram {
  private static final int PATIENCE_SECONDS = 30;

  private ShortProgram() {}

  /**
   * Runs a program to its end.
   *
   * @param command the program and its arguments
   * @param input its standard input
   * @return its output
   * @throws NetworkException with its output, if it fails
   */
  public static String run(List<String> command, String input) throws InterruptedException {
    var line = String.join(" ", command);
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      var written = CompletableFuture.runAsync(() -> write(process, input));
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new NetworkException(line + " did not end within " + PATIENCE_SECONDS + " s");
      }
      if (process.exitValue() != 0) {
        throw new NetworkException(line + ": " + output.strip() + "\n" + input);
      }
      written.join();
      return output;
    } catch (IOException e) {
      throw new NetworkException("cannot run " + line, e);
    }
  }

  private static void write(Process process, String input) {
    try (var stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
