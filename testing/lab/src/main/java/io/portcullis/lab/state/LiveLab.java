package io.portcullis.lab.state;

import io.portcullis.lab.network.Names;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A lab's entry in the list of this machine's labs: a file that is named by the lab's id and locked
 * by the lab.
 */
public final class LiveLab implements AutoCloseable {
  /** The directory of the list. A reboot clears it, as it removes namespaces. */
  public static final Path REGISTRY = Path.of("/run/portcullis-lab");

  private final Path entry;
  private final FileChannel lock;

  private LiveLab(Path entry, FileChannel lock) {
    this.entry = entry;
    this.lock = lock;
  }

  /** Registers a lab that starts. */
  public static LiveLab enter(Path registry, Names names) throws IOException {
    Files.createDirectories(registry);
    // Locked before it gets its name, so that nobody takes it for the entry of a dead lab.
    var unnamed = registry.resolve("." + names.id());
    var lock =
        FileLocks.take(unnamed)
            .orElseThrow(
                () -> new IOException("another lab is starting with the id " + names.id()));
    var entry = registry.resolve(names.id());
    Files.move(unnamed, entry, StandardCopyOption.ATOMIC_MOVE);
    return new LiveLab(entry, lock);
  }

  /**
   * Clears what dead labs have left.
   *
   * @param registry the directory of the list
   * @param clearing clears the things of one lab; its entry stays if that fails
   * @return the ids of the labs that were cleared
   */
  public static List<String> clearDead(Path registry, Clearing clearing) throws IOException {
    if (!Files.isDirectory(registry)) {
      return List.of();
    }
    var cleared = new ArrayList<String>();
    try (var entries = Files.newDirectoryStream(registry, "[a-z0-9]*")) {
      for (var entry : entries) {
        var lock = FileLocks.take(entry);
        if (lock.isPresent()) {
          try (var _ = lock.get()) {
            clearing.clear(new Names(entry.getFileName().toString()));
            Files.deleteIfExists(entry);
            cleared.add(entry.getFileName().toString());
          }
        }
      }
    }
    return List.copyOf(cleared);
  }

  /** Removes what belongs to a lab. */
  public interface Clearing {
    void clear(Names names) throws IOException;
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(entry);
    lock.close();
  }
}
