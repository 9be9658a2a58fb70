package io.portcullis.lab.state;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Locks files as long as their lab lives: the kernel releases the locks when it dies. */
final class FileLocks {
  private FileLocks() {}

  /**
   * Locks the file, which is created if it is missing.
   *
   * @return the channel that holds the lock until it is closed; empty if a running lab has the lock
   */
  static Optional<FileChannel> take(Path file) throws IOException {
    var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return Optional.of(channel);
      }
    } catch (OverlappingFileLockException _) {
      // this process has the lock
    }
    channel.close();
    return Optional.empty();
  }
}
