package io.portcullis.compiler.publish;

import java.time.Duration;

/** Tells when something that is done at intervals is due again. */
final class Interval {
  private final long micros;
  private long lastMicros;

  Interval(Duration length) {
    this.micros = length.toNanos() / 1_000;
  }

  boolean isDue(long nowMicros) {
    return nowMicros - lastMicros >= micros;
  }

  /** Returns how long it is until the next time. */
  Duration remaining(long nowMicros) {
    return Duration.ofNanos(1_000 * Math.max(0, lastMicros + micros - nowMicros));
  }

  /** Begins the next interval. */
  void restart(long nowMicros) {
    lastMicros = nowMicros;
  }
}
