package io.portcullis.watcher.source;

import java.time.Duration;
import java.util.Optional;

/** Where cluster objects come from; used by one thread. */
public interface Source extends AutoCloseable {

  /** Waits for the next event, at most so long. */
  Optional<SourceEvent> next(Duration atMost) throws InterruptedException;

  /** Whether this process is the one that publishes; who is not changes nothing at the source. */
  default void own(boolean isOwner) {}

  /** As people know it: a directory, a cluster's address. */
  String name();

  @Override
  void close();
}
