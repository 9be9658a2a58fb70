package io.portcullis.watcher.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;

/** Reads manifests once, as a command does. */
public final class ManifestReader {
  /** The name that stands for standard input. */
  public static final String STANDARD_INPUT = "-";

  /** More than any cluster's objects printed at once. */
  private static final int MAX_FILE_BYTES = 512 * 1024 * 1024;

  private ManifestReader() {}

  /**
   * Reads a directory, a file, or standard input where the root is {@code -}.
   *
   * @param seenMicros the time of reading, microseconds since 1970
   * @throws IOException when there is nothing there, or it cannot be read at all
   */
  public static ManifestReading read(Path root, long seenMicros) throws IOException {
    return root.toString().equals(STANDARD_INPUT)
        ? read(System.in, seenMicros)
        : read(ManifestFiles.under(root), seenMicros);
  }

  static ManifestReading read(InputStream input, long seenMicros) throws IOException {
    var bytes = input.readNBytes(MAX_FILE_BYTES);
    var readings = new ArrayList<FileReading>();
    readings.add(FileReading.of(STANDARD_INPUT, bytes, seenMicros));
    if (input.read() >= 0) {
      readings.add(FileReading.unreadable(STANDARD_INPUT, tooLong()));
    }
    return ManifestReading.of(readings);
  }

  private static ManifestReading read(ManifestFiles found, long seenMicros) {
    var readings = new ArrayList<FileReading>();
    found.files().forEach((name, file) -> readings.add(readFile(name, file, seenMicros)));
    found.unreadable().forEach((name, why) -> readings.add(FileReading.unreadable(name, why)));
    return ManifestReading.of(readings);
  }

  private static FileReading readFile(String name, Path file, long seenMicros) {
    try {
      return FileReading.of(name, bytes(file), seenMicros);
    } catch (IOException e) {
      return FileReading.unreadable(name, ManifestFiles.reason(e));
    }
  }

  /**
   * A file's bytes.
   *
   * @throws IOException also when it is no regular file (reading a pipe would wait), or too long
   */
  public static byte[] bytes(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new IOException("not a regular file");
    }
    if (Files.size(file) > MAX_FILE_BYTES) {
      throw new IOException(tooLong());
    }
    return Files.readAllBytes(file);
  }

  private static String tooLong() {
    return "longer than " + MAX_FILE_BYTES + " bytes";
  }
}
