package io.portcullis.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The memory that a process holds. */
final class Resident {
  private static final String LINE = "VmRSS:";

  private Resident() {}

  /** With its unit; {@code gone} where the process has ended. */
  static String of(long pid) {
    try (var lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
      return lines
          .filter(line -> line.startsWith(LINE))
          .map(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .map(kibibytes -> String.format(Locale.ROOT, "%.1f MiB", kibibytes / 1024.0))
          .findFirst()
          .orElse("gone");
    } catch (IOException _) { // a process that died is started again
      return "gone";
    }
  }
}
