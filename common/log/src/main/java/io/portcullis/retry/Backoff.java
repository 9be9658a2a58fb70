package io.portcullis.retry;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Says when to try again: soon, then after twice as long each time, up to the longest wait. One
 * thread uses it.
 */
public final class Backoff {
  private final Duration first;
  private final Duration longest;
  private final LongSupplier nanos;
  private Duration next;
  private long dueNanos;

  public Backoff(Duration first, Duration longest) {
    this(first, longest, System::nanoTime);
  }

  /**
   * Makes one with a clock of its own.
   *
   * @param nanos never goes back
   */
  public Backoff(Duration first, Duration longest, LongSupplier nanos) {
    this.first = first;
    this.longest = longest;
    this.nanos = nanos;
    this.next = first;
    this.dueNanos = nanos.getAsLong();
  }

  /** Returns how long to wait now, and doubles the next wait. */
  public Duration lengthen() {
    var now = next;
    var doubled = next.multipliedBy(2);
    next = doubled.compareTo(longest) < 0 ? doubled : longest;
    return now;
  }

  /** Takes a failure: the next try is due after the wait. */
  public void failed() {
    failed(lengthen());
  }

  /** Takes a failure after which the next try is due after so long. */
  public void failed(Duration wait) {
    dueNanos = nanos.getAsLong() + wait.toNanos();
  }

  /** Takes a success: what fails next is tried again soon. */
  public void succeeded() {
    next = first;
  }

  public boolean isDue() {
    return nanos.getAsLong() - dueNanos >= 0;
  }
}
