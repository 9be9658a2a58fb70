package io.portcullis.lab.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;

/** A folder with all that is in it. */
public final class FileTree {
  private FileTree() {}

  /** Deletes it; there may be none. */
  public static void delete(Path path) throws IOException {
    try (var found = Files.walk(path)) {
      for (var file : found.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException _) {
      return; // there was none
    }
  }
}
