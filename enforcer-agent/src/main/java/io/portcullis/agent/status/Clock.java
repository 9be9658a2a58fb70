package io.portcullis.agent.status;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Time as records tell it. */
public final class Clock {
  private Clock() {}

  /** Microseconds since 1970. */
  public static long micros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }
}
