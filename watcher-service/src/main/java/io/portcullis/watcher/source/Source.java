package io.portcullis.watcher.source;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** A source of cluster objects. One thread uses it. */
public interface Source extends AutoCloseable {

  /** Waits for the next event, but no longer than this. */
  Optional<SourceEvent> next(Duration atMost) throws InterruptedException;

  /**
   * Reads everything once more. A connection can break without a sign, so that events are missing.
   *
   * @return tells whether everything was read, and all events that came of it were returned
   */
  default BooleanSupplier lookAgain() {
    return () -> true;
  }

  /** Returns the name for messages: a directory, or a cluster's address. */
  String name();

  @Override
  void close();
}
