package io.portcullis.topic;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what a shard has to wait for, one call at a time, and keeps what came of it until the
 * worker's thread takes it. The worker's thread alone uses it.
 *
 * @param <T> what a call returns
 */
final class ShardTask<T> {
  private static final Logger LOG = LoggerFactory.getLogger(ShardTask.class);

  private final Shard shard;
  private final Ownership ownership;
  private final ShardExecutor executor;
  private Optional<CompletableFuture<T>> running = Optional.empty();

  ShardTask(Shard shard, Ownership ownership, ShardExecutor executor) {
    this.shard = shard;
    this.ownership = ownership;
    this.executor = executor;
  }

  /** Tells whether a call was begun and its result not taken. */
  boolean isBegun() {
    return running.isPresent();
  }

  /**
   * Begins a call; none other may be begun.
   *
   * @param what it does, for the log
   */
  void begin(String what, Callable<T> call) {
    var result = new CompletableFuture<T>();
    var begun = System.nanoTime();
    running = Optional.of(result);
    executor.run(
        () -> {
          working();
          try {
            result.complete(call.call());
          } catch (Throwable e) { // the worker's thread logs it and goes on, or dies of an error
            result.completeExceptionally(e);
          } finally {
            ownership.rests(this);
            var millis = (System.nanoTime() - begun) / 1_000_000;
            LOG.debug("{}: {} took {} ms", shard, what, millis);
          }
        });
  }

  /** Tells the group that the call makes progress; the call's own thread uses it. */
  void working() {
    ownership.working(this);
  }

  /**
   * Takes the result of the call.
   *
   * @return empty while the call runs
   * @throws ExecutionException with what the call threw
   */
  Optional<T> take() throws ExecutionException, InterruptedException {
    var result = running.orElseThrow();
    if (!result.isDone()) {
      return Optional.empty();
    }
    running = Optional.empty();
    return Optional.of(result.get());
  }
}
