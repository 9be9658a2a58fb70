package io.portcullis.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.function.UnaryOperator;

/** Reads manifests once, for commands. */
public final class ManifestReader {
  /** The name that stands for standard input. */
  public static final String STANDARD_INPUT = "-";

  /** Reading takes about this many bytes of memory for each byte of a file. */
  private static final int MEMORY_FOR_A_BYTE = 32;

  /** No cluster's objects take more when printed, and there must be memory for them. */
  private static final int MAX_FILE_BYTES =
      (int) Math.min(512 * 1024 * 1024, Runtime.getRuntime().maxMemory() / MEMORY_FOR_A_BYTE);

  private ManifestReader() {}

  /**
   * Reads a directory, a file, or standard input if the root is {@code -}. Files of a directory are
   * named relative to it.
   *
   * @param seenMicros the time of reading, microseconds since 1970
   * @throws IOException when the root does not exist or cannot be read
   */
  public static ManifestContents read(Path root, long seenMicros) throws IOException {
    return isStandardInput(root)
        ? read(System.in, seenMicros)
        : read(ManifestFiles.under(root), UnaryOperator.identity(), seenMicros);
  }

  /**
   * Reads manifests as {@link #read(Path, long)} does, but names files so that the user can open
   * them.
   *
   * @param seenMicros the time of reading, microseconds since 1970
   * @throws IOException when the root does not exist or cannot be read
   */
  public static ManifestContents readNamedFromRoot(Path root, long seenMicros) throws IOException {
    if (isStandardInput(root)) {
      return read(System.in, seenMicros);
    }
    var found = ManifestFiles.under(root);
    return Files.isDirectory(root)
        ? read(found, name -> under(root, name), seenMicros)
        : read(found, _ -> root.toString(), seenMicros);
  }

  private static boolean isStandardInput(Path root) {
    return root.toString().equals(STANDARD_INPUT);
  }

  /** Returns the path of a file, or of a directory with its slash at the end. */
  private static String under(Path root, String name) {
    return root.resolve(name) + (name.endsWith("/") ? "/" : "");
  }

  /** Reads one stream of manifests. */
  public static ManifestContents read(InputStream input, long seenMicros) throws IOException {
    var bytes = input.readNBytes(MAX_FILE_BYTES);
    var readings = new ArrayList<FileContents>();
    readings.add(FileContents.of(STANDARD_INPUT, bytes, seenMicros));
    if (input.read() >= 0) {
      readings.add(FileContents.unreadable(STANDARD_INPUT, tooLong()));
    }
    return ManifestContents.of(readings);
  }

  private static ManifestContents read(
      ManifestFiles found, UnaryOperator<String> names, long seenMicros) {
    var readings = new ArrayList<FileContents>();
    found
        .files()
        .forEach((name, file) -> readings.add(readFile(names.apply(name), file, seenMicros)));
    found
        .unreadable()
        .forEach((name, why) -> readings.add(FileContents.unreadable(names.apply(name), why)));
    return ManifestContents.of(readings);
  }

  private static FileContents readFile(String name, Path file, long seenMicros) {
    try {
      return FileContents.of(name, bytes(file), seenMicros);
    } catch (IOException e) {
      return FileContents.unreadable(name, ManifestFiles.reason(e));
    }
  }

  /**
   * Returns the bytes of a file.
   *
   * @throws IOException also when the file is not regular (reading a pipe would wait) or too long
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
    return "longer than " + MAX_FILE_BYTES + " bytes, more than there is memory for: split it";
  }
}
