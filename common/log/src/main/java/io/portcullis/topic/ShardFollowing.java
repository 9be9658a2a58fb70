package io.portcullis.topic;

import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Reads the topics of a shard while another process writes them, so that a take-over restores only
 * what came since. This gives way to what nodes wait for. The worker's thread uses it.
 */
final class ShardFollowing {
  private final ShardRestore restore;
  private final ShardExecutor executor;
  private boolean hasFollowed;

  ShardFollowing(ShardRestore restore, ShardExecutor executor) {
    this.restore = restore;
    this.executor = executor;
  }

  /** Tells whether it has ever read what another process wrote. */
  boolean hasFollowed() {
    return hasFollowed;
  }

  /**
   * Returns what reads the topics and returns how to take over what it has read.
   *
   * @return empty while nothing is to be read, or brokers have enough to do
   */
  Optional<Callable<Runnable>> next() {
    if (executor.isOverloaded()) {
      return Optional.empty();
    }
    return restore
        .following(executor.follows())
        .map(
            reading ->
                () -> {
                  var read = reading.call();
                  return () -> {
                    read.values().forEach(found -> found.restored().take());
                    hasFollowed = true;
                  };
                });
  }
}
