package io.portcullis.topic;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Runs what waits for the broker beside the worker's thread, so that no shard waits for another's
 * transaction or restoring.
 */
public final class ShardExecutor implements AutoCloseable {
  private static final Duration QUICK = Duration.ofSeconds(2);

  private final Executor executor;
  private final Runnable done;
  private final int restoresAtOnce;
  private final Semaphore restores;
  private final Semaphore follows;
  private final int transactionsAtOnce;
  private final int writtenAtOnce;
  private final Set<Writing> writing = ConcurrentHashMap.newKeySet();
  private final LongSupplier clockNanos;
  private final Runnable end;

  /** A transaction under way; two are never the same one. */
  static final class Writing {
    private final long sinceNanos;
    private final int topics;

    private Writing(long sinceNanos, int topics) {
      this.sinceNanos = sinceNanos;
      this.topics = topics;
    }
  }

  private ShardExecutor(
      Executor executor,
      int restores,
      int follows,
      int transactionsAtOnce,
      int writtenAtOnce,
      Runnable done,
      LongSupplier clockNanos,
      Runnable end) {
    this.executor = executor;
    this.restoresAtOnce = restores;
    this.restores = new Semaphore(restores);
    this.follows = new Semaphore(follows);
    this.transactionsAtOnce = transactionsAtOnce;
    this.writtenAtOnce = writtenAtOnce;
    this.done = done;
    this.clockNanos = clockNanos;
    this.end = end;
  }

  /** Returns one without threads: the worker's thread waits itself. */
  public static ShardExecutor none() {
    return new ShardExecutor(Runnable::run, 1, 1, 1, 1, () -> {}, System::nanoTime, () -> {});
  }

  /**
   * Returns one with threads of its own.
   *
   * @param restores how many topics are read from their beginning at the same time: they are in
   *     memory meanwhile
   * @param follows of how many shards that others own the topics are read at the same time
   * @param transactionsAtOnce how many are under way: of more all end late, of few the first ones
   *     end early and the last ones no later; what takes long waits for a broker that does not
   *     answer, and is not counted, so that no other shard waits for it
   * @param writtenAtOnce to how many topics transactions under way write, about: of more each takes
   *     longer, and past their time they are aborted
   * @param done called whenever a shard has something for the worker's thread
   */
  public static ShardExecutor threads(
      int restores, int follows, int transactionsAtOnce, int writtenAtOnce, Runnable done) {
    return threads(restores, follows, transactionsAtOnce, writtenAtOnce, done, System::nanoTime);
  }

  static ShardExecutor threads(
      int restores,
      int follows,
      int transactionsAtOnce,
      int writtenAtOnce,
      Runnable done,
      LongSupplier clockNanos) {
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("shard-", 0).factory());
    return new ShardExecutor(
        threads,
        restores,
        follows,
        transactionsAtOnce,
        writtenAtOnce,
        done,
        clockNanos,
        threads::shutdownNow);
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

  /**
   * Reads topics when there is room for them.
   *
   * @param topics how many are read from their beginning
   * @param waiting called now and then until there is
   */
  <T> T restoring(int topics, Runnable waiting, Callable<T> read) throws Exception {
    var permits = Math.clamp(topics, 1, restoresAtOnce);
    while (!restores.tryAcquire(permits, 1, TimeUnit.SECONDS)) {
      waiting.run();
    }
    try {
      return read.call();
    } finally {
      restores.release(permits);
    }
  }

  /** Returns what is held while topics are followed. */
  Semaphore follows() {
    return follows;
  }

  /** Tells whether another transaction may begin. */
  boolean mayWrite() {
    var now = clockNanos.getAsLong();
    var quick = writing.stream().filter(w -> now - w.sinceNanos < QUICK.toNanos()).count();
    return quick < transactionsAtOnce
        && writing.stream().mapToInt(w -> w.topics).sum() < writtenAtOnce;
  }

  /** Takes that a transaction over so many topics begins. */
  Writing writes(int topics) {
    var begun = new Writing(clockNanos.getAsLong(), topics);
    writing.add(begun);
    return begun;
  }

  /** Takes that a transaction has ended. */
  void wrote(Writing ended) {
    writing.remove(ended);
  }

  @Override
  public void close() {
    end.run();
  }
}
