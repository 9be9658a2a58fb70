package io.portcullis.agent;

import java.time.Duration;

/** When to try again: soon, then after twice as long each time, up to the longest wait. */
final class Backoff {
  private final Duration first;
  private final Duration longest;
  private Duration next;
  private long dueNanos = System.nanoTime();

  Backoff(Duration first, Duration longest) {
    this.first = first;
    this.longest = longest;
    this.next = first;
  }

  /** It failed: the next try is due after the wait. */
  void failed() {
    dueNanos = System.nanoTime() + next.toNanos();
    var doubled = next.multipliedBy(2);
    next = doubled.compareTo(longest) < 0 ? doubled : longest;
  }

  void succeeded() {
    next = first;
  }

  boolean isDue() {
    return System.nanoTime() - dueNanos >= 0;
  }
}
