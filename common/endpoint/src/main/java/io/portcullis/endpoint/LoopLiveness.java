package io.portcullis.endpoint;

import java.time.Duration;
import java.util.function.Supplier;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/** The liveness of a service: its loop has turned within the last minute. */
public final class LoopLiveness {
  private static final Duration LONGEST_TURN = Duration.ofMinutes(1);

  private LoopLiveness() {}

  /** Returns the check of a loop that tells how long ago it turned last. */
  public static HealthCheck of(Supplier<Duration> sinceTurned) {
    return () -> {
      var since = sinceTurned.get();
      return HealthCheckResponse.named("loop")
          .withData("sinceTurnedMillis", since.toMillis())
          .status(since.compareTo(LONGEST_TURN) < 0)
          .build();
    };
  }
}
