package io.portcullis.lab.state;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Files that are locked as long as their lab lives: the kernel frees them when it dies. */
final class FileLocks {
  private FileLocks() {}

  /**
   * Locks the file, which is made where it is missing.
   *
   * @return what keeps the lock until it is closed; empty when a lab that lives has it
   */
  static Optional<FileChannel> take(Path file) throws IOException {
    var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return Optional.of(channel);
      }
    } catch (OverlappingFileLockException _) {
      // this very process has it
    }
    channel.close();
    return Optional.empty();
  }
}
