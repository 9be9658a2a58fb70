package io.portcullis.agent;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Time as records tell it. */
final class Clock {
  private Clock() {}

  /** Microseconds since 1970. */
  static long micros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }
}
