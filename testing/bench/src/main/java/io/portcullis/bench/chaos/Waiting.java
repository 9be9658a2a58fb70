package io.portcullis.bench.chaos;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The clock of a run of chaos, and waits that end by what happened. */
final class Waiting {
  private Waiting() {}

  /** Returns the time now, in microseconds since 1970. */
  static long micros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  /** Waits for a condition; returns whether it held in time. */
  static boolean await(Duration atMost, Duration betweenLooks, BooleanSupplier condition)
      throws InterruptedException {
    var until = System.nanoTime() + atMost.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > until) {
        return false;
      }
      TimeUnit.NANOSECONDS.sleep(betweenLooks.toNanos());
    }
    return true;
  }
}
