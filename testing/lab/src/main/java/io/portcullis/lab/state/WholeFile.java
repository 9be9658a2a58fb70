package io.portcullis.lab.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes files atomically: a reader sees either the old or the new content. */
public final class WholeFile {
  private WholeFile() {}

  /**
   * Replaces the content of a file.
   *
   * @param file the file
   * @param beside the file that is written first, on the same file system; nobody else may use it
   * @param content the new content
   */
  public static void write(Path file, Path beside, byte[] content) throws IOException {
    Files.write(beside, content);
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Replaces the content of a file with text in UTF-8. */
  public static void write(Path file, Path beside, String content) throws IOException {
    write(file, beside, content.getBytes(StandardCharsets.UTF_8));
  }
}
