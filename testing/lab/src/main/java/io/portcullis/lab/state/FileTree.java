package io.portcullis.lab.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;

/** A directory with all that is in it. */
public final class FileTree {
  private FileTree() {}

  /** Deletes the directory; does nothing if it does not exist. */
  public static void delete(Path path) throws IOException {
    try (var found = Files.walk(path)) {
      for (var file : found.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException _) {
      return; // it did not exist
    }
  }
}
