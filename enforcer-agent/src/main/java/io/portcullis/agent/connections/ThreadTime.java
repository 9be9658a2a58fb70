package io.portcullis.agent.connections;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads how long the calling thread has run on a processor. */
final class ThreadTime {
  private static final Path FILE = Path.of("/proc/thread-self/schedstat");

  private ThreadTime() {}

  /**
   * Returns that time; where the kernel does not say it, time as it passes, which is never less.
   */
  static long nanos() {
    try {
      var text = Files.readString(FILE);
      return Long.parseLong(text, 0, text.indexOf(' '), 10);
    } catch (IOException | RuntimeException _) {
      return System.nanoTime();
    }
  }
}
