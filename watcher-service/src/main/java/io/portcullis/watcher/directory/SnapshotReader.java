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
 * Takes snapshots of all files of a tree. A file with the same bytes as before keeps its contents.
 * It is not even opened while its attributes prove that nobody has written it since.
 */
final class SnapshotReader {
  /** A file system's clock may be as coarse as this: a change within it may not show in times. */
  private static final long CLOCK_GRAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Map<String, ReadFile> lastRead = new HashMap<>();

  /**
   * A file as it was read last.
   *
   * @param certain whether equal attributes mean equal bytes
   */
  private record ReadFile(
      Attributes attributes,
      boolean certain,
      byte[] digest,
      FileContents contents,
      boolean mayBeHalfWritten) {}

  /**
   * A file's attributes.
   *
   * @param changed when its bytes or attributes last changed, nanoseconds since 1970
   */
  private record Attributes(Signature signature, long changed) {}

  /**
   * Takes a snapshot of these files.
   *
   * @param seenMicros the time now, microseconds since 1970
   */
  TreeSnapshot snapshot(ManifestFiles found, long seenMicros) {
    var files = new TreeMap<String, FileSnapshot>();
    found
        .files()
        .forEach(
            (name, path) -> snapshot(name, path, seenMicros).ifPresent(f -> files.put(name, f)));
    lastRead.keySet().retainAll(files.keySet());
    return new TreeSnapshot(files, found.unreadable());
  }

  /** Makes the next snapshot open every file. */
  void trustNoAttributes() {
    lastRead.replaceAll(
        (_, file) ->
            new ReadFile(
                file.attributes(), false, file.digest(), file.contents(), file.mayBeHalfWritten()));
  }

  private Optional<FileSnapshot> snapshot(String name, Path path, long seenMicros) {
    try {
      var attributes = attributes(path);
      var before = lastRead.get(name);
      if (before == null || !before.certain() || !before.attributes().equals(attributes)) {
        before = read(name, path, attributes, seenMicros, before);
        lastRead.put(name, before);
      }
      return Optional.of(
          new FileSnapshot(attributes.signature(), before.contents(), before.mayBeHalfWritten()));
    } catch (IOException e) {
      return unreadable(name, path, e);
    }
  }

  private ReadFile read(
      String name, Path path, Attributes attributes, long seenMicros, ReadFile before)
      throws IOException {
    var bytes = ManifestReader.bytes(path);
    var digest = sha256(bytes);
    var contents =
        before != null && Arrays.equals(before.digest(), digest)
            ? before.contents()
            : FileContents.of(name, bytes, seenMicros);
    var mayBeHalfWritten =
        bytes.length != attributes.signature().size() || FileContents.mayBeHalfWritten(bytes);
    var certain = fileSystemNanos() - attributes.changed() > CLOCK_GRAIN_NANOS;
    return new ReadFile(attributes, certain, digest, contents, mayBeHalfWritten);
  }

  private Optional<FileSnapshot> unreadable(String name, Path path, IOException e) {
    if (e instanceof NoSuchFileException && !Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty(); // gone since it was found
    }
    var reason = ManifestFiles.reason(e);
    var before = lastRead.get(name);
    var contents = FileContents.unreadable(name, reason);
    if (before == null || !before.contents().equals(contents)) {
      var signature = new Signature(-1, 0, reason);
      before = new ReadFile(new Attributes(signature, 0), false, new byte[0], contents, false);
      lastRead.put(name, before);
    }
    return Optional.of(new FileSnapshot(before.attributes().signature(), before.contents(), false));
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
