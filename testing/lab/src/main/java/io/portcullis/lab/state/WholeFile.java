package io.portcullis.lab.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Files that others read while they are written: each is there as a whole, the old or the new. */
public final class WholeFile {
  private WholeFile() {}

  /**
   * Puts the content in the file's place.
   *
   * @param beside where it is written first, on the same file system; nobody else may use it
   */
  public static void write(Path file, Path beside, byte[] content) throws IOException {
    Files.write(beside, content);
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The same, in UTF-8. */
  public static void write(Path file, Path beside, String content) throws IOException {
    write(file, beside, content.getBytes(StandardCharsets.UTF_8));
  }
}
