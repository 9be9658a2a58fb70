package io.portcullis.agent.cni;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads libcni's result cache. A file that has not changed since it was read is not read again. A
 * file that is not what libcni writes harms only itself. One thread uses it.
 */
final class CacheDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(CacheDirectory.class);

  /** The largest entries are some kilobytes. */
  static final int LARGEST_FILE = 1 << 20;

  /** A file that was written so shortly before may be written again with the same time. */
  private static final Duration SETTLED = Duration.ofSeconds(1);

  private static final Path VAR_RUN = Path.of("/var/run");
  private static final Path RUN = Path.of("/run");

  private final Path results;
  private final Path networkNamespaces;
  private final Map<Path, Read> known = new HashMap<>();

  /**
   * A file as it was read.
   *
   * @param settled whether it cannot change without another state
   * @param refusal why it is not what libcni writes, if it is not
   */
  private record Read(
      State state, boolean settled, Optional<Attachment> attachment, Optional<String> refusal) {}

  private record State(Object file, long size, FileTime modified) {
    boolean isSettled() {
      return modified.toInstant().plus(SETTLED).isBefore(Instant.now());
    }
  }

  /**
   * All files that were read.
   *
   * @param live attachments of pods whose network namespaces are there
   * @param refused files that are not what libcni writes, with the reason; none that may be half
   *     written
   */
  record Reading(List<Attachment> live, SortedMap<Path, String> refused) {}

  /**
   * Reads nothing yet.
   *
   * @param networkNamespaces the directory that has the pods' network namespaces
   */
  CacheDirectory(Path results, Path networkNamespaces) {
    this.results = results;
    this.networkNamespaces = runtime(networkNamespaces);
  }

  /** Spells the paths of one directory in one way. */
  private static Path runtime(Path path) {
    var plain = path.normalize();
    return plain.startsWith(VAR_RUN) ? RUN.resolve(VAR_RUN.relativize(plain)) : plain;
  }

  /**
   * Reads all files that are new or have changed.
   *
   * @throws IOException when the directory cannot be read
   */
  Reading read() throws IOException {
    var now = new HashMap<Path, Read>();
    try (var files = Files.newDirectoryStream(results)) {
      for (var file : files) {
        read(file).ifPresent(read -> now.put(file, read));
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    known.clear();
    known.putAll(now);
    var live = new ArrayList<Attachment>();
    var refused = new TreeMap<Path, String>();
    known.forEach(
        (file, read) -> {
          read.attachment().filter(this::isLive).ifPresent(live::add);
          read.refusal().filter(_ -> read.settled()).ifPresent(why -> refused.put(file, why));
        });
    return new Reading(List.copyOf(live), refused);
  }

  private Optional<Read> read(Path file) {
    try {
      var found = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      var state = new State(found.fileKey(), found.size(), found.lastModifiedTime());
      var before = Optional.ofNullable(known.get(file));
      if (before.filter(read -> read.settled() && read.state().equals(state)).isPresent()) {
        return before;
      }
      return Optional.of(read(file, found.isRegularFile(), state));
    } catch (IOException e) {
      LOG.debug("its pod has ended: {}", file, e);
      return Optional.empty();
    }
  }

  private static Read read(Path file, boolean isRegular, State state) {
    var settled = state.isSettled();
    try {
      if (!isRegular) {
        throw new IOException("it is no regular file");
      }
      return new Read(state, settled, Attachment.parse(content(file)), Optional.empty());
    } catch (IOException | IllegalArgumentException e) {
      return new Read(state, settled, Optional.empty(), Optional.of(e.getMessage()));
    }
  }

  private static byte[] content(Path file) throws IOException {
    try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      var content = in.readNBytes(LARGEST_FILE + 1);
      if (content.length > LARGEST_FILE) {
        throw new IOException("it is larger than " + LARGEST_FILE + " bytes");
      }
      return content;
    }
  }

  /** Returns whether its network namespace is there; after a boot no old one is. */
  private boolean isLive(Attachment attachment) {
    var path = runtime(attachment.networkNamespace());
    return path.startsWith(networkNamespaces)
        && !path.equals(networkNamespaces)
        && Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }
}
