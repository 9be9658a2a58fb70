package io.portcullis.watcher;

import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Severity;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** What a kubelet and an operator see of the loop. */
@Singleton
final class WatcherHealth {
  private static final Duration LONGEST_TURN = Duration.ofMinutes(1);
  private static final int TOLD_PROBLEMS = 100;

  private final WatcherLoop loop;

  WatcherHealth(WatcherLoop loop) {
    this.loop = loop;
  }

  @Produces
  @Liveness
  HealthCheck turning() {
    return () ->
        HealthCheckResponse.named("loop")
            .withData("sinceTurnedMillis", loop.sinceTurned().toMillis())
            .status(loop.sinceTurned().compareTo(LONGEST_TURN) < 0)
            .build();
  }

  @Produces
  @Readiness
  HealthCheck source() {
    return () -> {
      var state = loop.state();
      var errors = state.problems().stream().filter(p -> p.severity() == Severity.ERROR).toList();
      var response =
          HealthCheckResponse.named("source")
              .withData("owner", state.owner())
              .withData("problems", errors.size())
              .status(state.whole() && state.lost().isEmpty() && state.kafka().isEmpty());
      state.lost().ifPresent(reason -> response.withData("lost", reason));
      state.kafka().ifPresent(reason -> response.withData("kafka", reason));
      numbered(errors, response);
      return response.build();
    };
  }

  private static void numbered(
      List<Problem> problems, org.eclipse.microprofile.health.HealthCheckResponseBuilder response) {
    for (var i = 0; i < Math.min(problems.size(), TOLD_PROBLEMS); i++) {
      response.withData("problem." + (i + 1), problems.get(i).text());
    }
  }
}
