package io.portcullis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/** The Java files of the module whose tests run, as they stand in its source folders. */
final class SourceFiles {
  private SourceFiles() {}

  /** Returns how many lines each file has. */
  static SortedMap<Path, Long> lengths() throws IOException {
    var lengths = new TreeMap<Path, Long>();
    try (var files = Files.walk(Path.of("src"))) {
      for (var file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        try (var lines = Files.lines(file)) {
          lengths.put(file, lines.count());
        }
      }
    }
    return lengths;
  }
}
