package io.portcullis.agent.state;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Writes and reads files that are there as a whole or not at all, also after a power cut. Only
 * their owner may read them.
 */
final class StateFile {
  private static final String CHECKSUM = "sha256 ";

  private StateFile() {}

  /** Writes the content of a file. */
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Takes the lines of a file. */
  interface Lines {
    void add(String line);
  }

  /** Writes the lines of a file. */
  interface LineContent {
    void writeTo(Lines lines) throws IOException;
  }

  /** Replaces a file. */
  static void replace(Path file, Content content) throws IOException {
    var next = file.resolveSibling(file.getFileName() + ".next");
    Files.deleteIfExists(next);
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    try (var channel =
        FileChannel.open(
            next, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly)) {
      var out = new BufferedOutputStream(Channels.newOutputStream(channel));
      content.writeTo(out);
      out.flush();
      channel.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    synchronize(file.getParent());
  }

  /** Makes the names in a directory outlive a power cut. */
  static void synchronize(Path directory) throws IOException {
    try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Replaces a file by these lines and their checksum. No line may contain a line's end. */
  static void replaceLines(Path file, LineContent content) throws IOException {
    replace(
        file,
        out -> {
          var digest = sha256();
          try {
            content.writeTo(
                line -> {
                  var bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
                  digest.update(bytes);
                  write(out, bytes);
                });
          } catch (UncheckedIOException e) {
            throw e.getCause();
          }
          write(out, (checksum(digest) + "\n").getBytes(StandardCharsets.UTF_8));
        });
  }

  private static void write(OutputStream out, byte[] bytes) {
    try {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a file of lines. What was taken counts only if this returns.
   *
   * @throws IOException when the file cannot be read, or its checksum is another one
   */
  static void readLines(Path file, Consumer<String> taken) throws IOException {
    var digest = sha256();
    try (var reader = Files.newBufferedReader(file)) {
      var line = reader.readLine();
      while (line != null && !line.startsWith(CHECKSUM)) {
        digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
        taken.accept(line);
        line = reader.readLine();
      }
      if (line == null || !line.equals(checksum(digest)) || reader.readLine() != null) {
        throw new IOException("its checksum is wrong");
      }
    }
  }

  private static String checksum(MessageDigest digest) {
    return CHECKSUM + HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
