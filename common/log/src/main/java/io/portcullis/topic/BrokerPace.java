package io.portcullis.topic;

import java.time.Duration;

/**
 * Learns how much the brokers take at once, from how long transactions take: a slow one halves the
 * share of all limits, a quick one gives a part of it back. Any thread may use it.
 */
final class BrokerPace {
  /** A transaction that takes longer is slow; the call that ends one fails after five seconds. */
  static final Duration SLOW = Duration.ofSeconds(1);

  /** A transaction that takes so long waits for one broker that hangs, unless all take long. */
  private static final Duration HANGS = Duration.ofSeconds(2);

  /** So many times as long as usual is long. */
  private static final int UNUSUAL = 4;

  /** The weight of the newest transaction in what is usual, one part of so many. */
  private static final int MEMORY = 8;

  /** How long after the last slow transaction the brokers are told to be overloaded, at most. */
  private static final Duration REMEMBERED = Duration.ofSeconds(30);

  /** All of what is allowed at most, in parts. */
  private static final int ALL = 16;

  private int parts = ALL;
  private long usualNanos;
  private long lastCutNanos;

  /**
   * @param nowNanos what began before is not taken for slow
   */
  BrokerPace(long nowNanos) {
    this.lastCutNanos = nowNanos;
  }

  /** Takes that a transaction has ended. */
  synchronized void ended(long sinceNanos, long nowNanos) {
    var took = nowNanos - sinceNanos;
    usualNanos += (took - usualNanos) / MEMORY;
    if (took > SLOW.toNanos()) {
      underWay(sinceNanos, nowNanos);
    } else {
      parts = Math.min(ALL, parts + 1);
    }
  }

  /** Takes that a transaction has not ended. Those that are slow together halve the share once. */
  synchronized void underWay(long sinceNanos, long nowNanos) {
    if (nowNanos - sinceNanos > SLOW.toNanos() && sinceNanos - lastCutNanos >= 0) {
      lastCutNanos = nowNanos;
      parts = Math.max(1, parts / 2);
    }
  }

  /** Tells whether a transaction takes so long that the others should not wait for its end. */
  synchronized boolean isHung(long sinceNanos, long nowNanos) {
    return nowNanos - sinceNanos > Math.max(HANGS.toNanos(), UNUSUAL * usualNanos);
  }

  /** Returns how many of so many the brokers take now, at least one. */
  synchronized int of(int most) {
    return Math.max(1, most * parts / ALL);
  }

  /** Tells whether the brokers take half of what is allowed at most, or less. */
  synchronized boolean isOverloaded(long nowNanos) {
    return parts <= ALL / 2 && nowNanos - lastCutNanos < REMEMBERED.toNanos();
  }
}
