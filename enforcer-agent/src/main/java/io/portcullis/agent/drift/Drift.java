package io.portcullis.agent.drift;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * A change of the kernel's table by others.
 *
 * @param version that was enforced
 * @param detectedMicros when it was seen, microseconds since 1970
 * @param difference as it was seen first
 * @param repairedMicros when the table held the version again, if it does
 */
public record Drift(
    long version, long detectedMicros, TableDifference difference, Optional<Long> repairedMicros) {

  public Drift repaired(long micros) {
    return new Drift(version, detectedMicros, difference, Optional.of(micros));
  }

  /** Returns the time from when the drift was seen to its repair. */
  public Optional<Duration> took() {
    return repairedMicros.map(micros -> Duration.of(micros - detectedMicros, ChronoUnit.MICROS));
  }
}
