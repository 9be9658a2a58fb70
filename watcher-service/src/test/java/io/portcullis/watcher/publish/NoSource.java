package io.portcullis.watcher.publish;

import io.portcullis.watcher.source.Source;
import io.portcullis.watcher.source.SourceEvent;
import java.time.Duration;
import java.util.Optional;

/** A source that never tells anything. */
final class NoSource implements Source {
  @Override
  public Optional<SourceEvent> next(Duration atMost) {
    return Optional.empty();
  }

  @Override
  public String name() {
    return "nothing";
  }

  @Override
  public void close() {}
}
