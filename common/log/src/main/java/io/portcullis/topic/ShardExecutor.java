package io.portcullis.topic;

import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Runs what waits for the broker beside the worker's thread, so that no shard waits for another's
 * transaction or restoring. How much runs at once follows the {@link BrokerPace}.
 */
public final class ShardExecutor implements AutoCloseable {
  private final Executor executor;
  private final Limits limits;
  private final Runnable done;
  private final Semaphore restores;
  private final Semaphore follows;
  private final Set<Writing> writing = ConcurrentHashMap.newKeySet();
  private final AtomicInteger takingOver = new AtomicInteger();
  private final AtomicLong takeOvers = new AtomicLong();
  private final LongSupplier clockNanos;
  private final BrokerPace pace;
  private final Runnable end;

  /**
   * How much is under way at the same time while brokers are quick.
   *
   * @param restores topics that are read from their beginning: they are in memory meanwhile
   * @param takeOvers shards that are fenced or restored: each of them costs the brokers several
   *     questions, and of more all are known late
   * @param follows shards that others own whose topics are read
   * @param transactions of more all end late, of few the first ones end early and the last ones no
   *     later; what takes long waits for a broker that does not answer, and is not counted, so that
   *     no other shard waits for it
   * @param written topics that transactions write to, about: of more each takes longer, and past
   *     their time they are aborted
   */
  public record Limits(int restores, int takeOvers, int follows, int transactions, int written) {
    private static final Limits ONE = new Limits(1, 1, 1, 1, 1);
  }

  /** A transaction under way; two are never the same one. */
  private static final class Writing {
    private final long sinceNanos;
    private final int topics;

    private Writing(long sinceNanos, int topics) {
      this.sinceNanos = sinceNanos;
      this.topics = topics;
    }
  }

  private ShardExecutor(
      Executor executor, Limits limits, Runnable done, LongSupplier clockNanos, Runnable end) {
    this.executor = executor;
    this.limits = limits;
    this.restores = new Semaphore(limits.restores());
    this.follows = new Semaphore(limits.follows());
    this.done = done;
    this.clockNanos = clockNanos;
    this.pace = new BrokerPace(clockNanos.getAsLong());
    this.end = end;
  }

  /** Returns one without threads: the worker's thread waits itself. */
  public static ShardExecutor none() {
    return new ShardExecutor(Runnable::run, Limits.ONE, () -> {}, System::nanoTime, () -> {});
  }

  /**
   * Returns one with threads of its own.
   *
   * @param done called whenever a shard has something for the worker's thread
   */
  public static ShardExecutor threads(Limits limits, Runnable done) {
    return threads(limits, done, System::nanoTime);
  }

  static ShardExecutor threads(Limits limits, Runnable done, LongSupplier clockNanos) {
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("shard-", 0).factory());
    return new ShardExecutor(threads, limits, done, clockNanos, threads::shutdownNow);
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

  /** Tells whether another shard may be fenced or restored. */
  boolean mayTakeOver() {
    return takingOver.get() < pace.of(limits.takeOvers());
  }

  /** Counts a step of a take-over from now until the end of the call. */
  <T> Callable<T> takingOver(Callable<T> call) {
    takingOver.incrementAndGet();
    return () -> {
      try {
        return call.call();
      } finally {
        takingOver.decrementAndGet();
      }
    };
  }

  /**
   * Restores a shard's topics when there is room for them.
   *
   * @param topics how many are read from their beginning
   * @param waiting called now and then until there is
   */
  <T> T restoring(int topics, Runnable waiting, Callable<T> read) throws Exception {
    var permits = Math.clamp(topics, 1, limits.restores());
    while (!restores.tryAcquire(permits, 1, TimeUnit.SECONDS)) {
      waiting.run();
    }
    try {
      return read.call();
    } finally {
      restores.release(permits);
    }
  }

  /** Counts a shard that is fenced in and has all its topics to restore. */
  void tookOver() {
    takeOvers.incrementAndGet();
  }

  /** Returns how often a shard was fenced in and all its topics were to be restored. */
  public long takeOvers() {
    return takeOvers.get();
  }

  /** Returns what is held while topics are followed. */
  Semaphore follows() {
    return follows;
  }

  /** Tells whether another transaction may begin. */
  boolean mayWrite() {
    var now = clockNanos.getAsLong();
    writing.forEach(one -> pace.underWay(one.sinceNanos, now));
    var counted = writing.stream().filter(one -> !pace.isHung(one.sinceNanos, now)).count();
    return counted < pace.of(limits.transactions())
        && writing.stream().mapToInt(one -> one.topics).sum() < pace.of(limits.written());
  }

  /** Counts a transaction over so many topics from now until the end of the call. */
  <T> Callable<T> writing(int topics, Callable<T> call) {
    var begun = new Writing(clockNanos.getAsLong(), topics);
    writing.add(begun);
    return () -> {
      try {
        return call.call();
      } finally {
        writing.remove(begun);
        pace.ended(begun.sinceNanos, clockNanos.getAsLong());
      }
    };
  }

  /** Tells whether the brokers take so long that fewer transactions are under way than may be. */
  public boolean isOverloaded() {
    return pace.isOverloaded(clockNanos.getAsLong());
  }

  @Override
  public void close() {
    end.run();
  }
}
