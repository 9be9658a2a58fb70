package io.portcullis.watcher.directory;

import io.portcullis.manifest.FileContents;
import io.portcullis.manifest.ManifestFiles;
import io.portcullis.manifest.ManifestReader;
import io.portcullis.watcher.directory.FileSnapshot.Signature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Looks at all files of a tree. A file with the same bytes as before keeps its reading, and is not
 * even opened while the file system shows that nobody can have written it since.
 */
final class SnapshotReader {
  /** Coarser than the clock of any file system: a change within it may not show in the times. */
  private static final long CLOCK_GRAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Map<String, Known> known = new HashMap<>();

  /**
   * What is known of a file.
   *
   * @param certain whether equal attributes mean equal bytes
   */
  private record Known(
      Attributes attributes, boolean certain, byte[] digest, FileContents reading, boolean half) {}

  /**
   * What the file system tells of a file.
   *
   * @param changed when its bytes or attributes were last changed, nanoseconds since 1970
   */
  private record Attributes(Signature signature, long changed) {}

  /**
   * Looks at these files; those whose attributes tell enough are not opened.
   *
   * @param seenMicros the time of what is new, microseconds since 1970
   */
  TreeSnapshot look(ManifestFiles found, long seenMicros) {
    var files = new TreeMap<String, FileSnapshot>();
    found
        .files()
        .forEach((name, path) -> look(name, path, seenMicros).ifPresent(f -> files.put(name, f)));
    known.keySet().retainAll(files.keySet());
    return new TreeSnapshot(files, found.unreadable());
  }

  /** Makes the next look open every file. */
  void trustNoAttributes() {
    known.replaceAll(
        (_, file) ->
            new Known(file.attributes(), false, file.digest(), file.reading(), file.half()));
  }

  private Optional<FileSnapshot> look(String name, Path path, long seenMicros) {
    try {
      var attributes = attributes(path);
      var before = known.get(name);
      if (before == null || !before.certain() || !before.attributes().equals(attributes)) {
        before = read(name, path, attributes, seenMicros, before);
        known.put(name, before);
      }
      return Optional.of(new FileSnapshot(attributes.signature(), before.reading(), before.half()));
    } catch (IOException e) {
      return unreadable(name, path, e);
    }
  }

  private Known read(String name, Path path, Attributes attributes, long seenMicros, Known before)
      throws IOException {
    var bytes = ManifestReader.bytes(path);
    var digest = sha256(bytes);
    var reading =
        before != null && Arrays.equals(before.digest(), digest)
            ? before.reading()
            : FileContents.of(name, bytes, seenMicros);
    var half =
        bytes.length != attributes.signature().size() || FileContents.mayBeHalfWritten(bytes);
    var certain = fileSystemNanos() - attributes.changed() > CLOCK_GRAIN_NANOS;
    return new Known(attributes, certain, digest, reading, half);
  }

  private Optional<FileSnapshot> unreadable(String name, Path path, IOException e) {
    if (e instanceof NoSuchFileException && !Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty(); // gone since it was found
    }
    var reason = ManifestFiles.reason(e);
    var before = known.get(name);
    var reading = FileContents.unreadable(name, reason);
    if (before == null || !before.reading().equals(reading)) {
      var signature = new Signature(-1, 0, reason);
      before = new Known(new Attributes(signature, 0), false, new byte[0], reading, false);
      known.put(name, before);
    }
    return Optional.of(new FileSnapshot(before.attributes().signature(), before.reading(), false));
  }

  private static Attributes attributes(Path path) throws IOException {
    var all = Files.readAttributes(path, "unix:size,lastModifiedTime,ctime,fileKey");
    return new Attributes(
        new Signature(
            (Long) all.get("size"),
            nanos((FileTime) all.get("lastModifiedTime")),
            String.valueOf(all.get("fileKey"))),
        nanos((FileTime) all.get("ctime")));
  }

  private static long fileSystemNanos() {
    return ChronoUnit.NANOS.between(Instant.EPOCH, Instant.now());
  }

  private static long nanos(FileTime time) {
    return time.to(TimeUnit.NANOSECONDS);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
