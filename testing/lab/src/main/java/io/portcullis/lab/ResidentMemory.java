package io.portcullis.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalDouble;

/** The memory that a process holds. */
public final class ResidentMemory {
  private static final String LINE = "VmRSS:";
  private static final double KIBIBYTES_A_MEBIBYTE = 1024;

  private ResidentMemory() {}

  /** Returns the resident memory of a process in mebibytes; empty if the process has ended. */
  public static OptionalDouble mebibytes(long pid) {
    try (var lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
      return lines
          .filter(line -> line.startsWith(LINE))
          .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / KIBIBYTES_A_MEBIBYTE)
          .findFirst();
    } catch (IOException _) { // a program that died is restarted
      return OptionalDouble.empty();
    }
  }

  /** Returns the resident memory with its unit, or {@code gone} if the process has ended. */
  static String of(long pid) {
    var held = mebibytes(pid);
    return held.isPresent() ? String.format(Locale.ROOT, "%.1f MiB", held.getAsDouble()) : "gone";
  }
}
