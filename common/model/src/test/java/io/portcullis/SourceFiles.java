package io.portcullis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/** The Java files of the module whose tests run, as they stand in its source folders. */
final class SourceFiles {
  private SourceFiles() {}

  /** Returns how many lines each file has. */
  static SortedMap<Path, Long> lengths() {
    var lengths = new TreeMap<Path, Long>();
    try (var files = Files.walk(Path.of("src"))) {
      files
          .filter(path -> path.toString().endsWith(".java"))
          .forEach(file -> lengths.put(file, length(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return lengths;
  }

  private static long length(Path file) {
    try (var lines = Files.lines(file)) {
      return lines.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
