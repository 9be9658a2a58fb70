package io.portcullis.topic;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Where shards wait for the broker: beside the worker's thread, so that none waits for another's
 * transaction or restoring.
 */
public final class Background implements AutoCloseable {
  private final Executor executor;
  private final Runnable done;
  private final Semaphore restores;
  private final Runnable end;

  private Background(Executor executor, int restores, Runnable done, Runnable end) {
    this.executor = executor;
    this.restores = new Semaphore(restores);
    this.done = done;
    this.end = end;
  }

  /** None: the worker's thread waits itself. */
  public static Background none() {
    return new Background(Runnable::run, 1, () -> {}, () -> {});
  }

  /**
   * Threads of its own.
   *
   * @param restores how many shards are restored at the same time: each has all its topics in
   *     memory meanwhile
   * @param done called whenever a shard has something for the worker's thread
   */
  public static Background threads(int restores, Runnable done) {
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("shard-", 0).factory());
    return new Background(threads, restores, done, threads::shutdownNow);
  }

  void run(Runnable task) {
    executor.execute(
        () -> {
          try {
            task.run();
          } finally {
            done.run();
          }
        });
  }

  /** Held while topics are restored. */
  Semaphore restores() {
    return restores;
  }

  @Override
  public void close() {
    end.run();
  }
}
