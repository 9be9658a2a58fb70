package io.portcullis.watcher.source;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Where cluster objects come from; used by one thread. */
public interface Source extends AutoCloseable {

  /** Waits for the next event, at most so long. */
  Optional<SourceEvent> next(Duration atMost) throws InterruptedException;

  /**
   * Looks at all of it once more, where what was told may be behind what is there without anybody's
   * knowing: a connection can break in silence.
   *
   * @return tells whether that is done, and all that came of it has been told
   */
  default BooleanSupplier lookAgain() {
    return () -> true;
  }

  /** As people know it: a directory, a cluster's address. */
  String name();

  @Override
  void close();
}
