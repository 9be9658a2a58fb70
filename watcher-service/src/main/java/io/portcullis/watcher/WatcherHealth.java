package io.portcullis.watcher;

import io.portcullis.endpoint.LoopLiveness;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Severity;
import io.smallrye.health.api.Wellness;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** Shows the loop to kubelets and operators: whether it turns, and whether it is ready. */
@Singleton
final class WatcherHealth {
  private static final int MOST_PROBLEMS = 100;

  private final WatcherLoop loop;

  WatcherHealth(WatcherLoop loop) {
    this.loop = loop;
  }

  @Produces
  @Liveness
  HealthCheck liveness() {
    return LoopLiveness.of(loop::sinceTurned);
  }

  @Produces
  @Readiness
  HealthCheck readiness() {
    return () -> {
      var state = loop.state();
      var errors = state.problems().stream().filter(p -> p.severity() == Severity.ERROR).toList();
      var response =
          HealthCheckResponse.named("source")
              .withData("owner", state.owner())
              .withData("overloaded", state.overloaded())
              .withData("problems", errors.size())
              .withData("warnings", loop.problems(Severity.WARNING))
              .status(state.whole() && state.lost().isEmpty() && state.kafka().isEmpty());
      state.lost().ifPresent(reason -> response.withData("lost", reason));
      state.kafka().ifPresent(reason -> response.withData("kafka", reason));
      state
          .kinds()
          .forEach(kind -> response.withData("degraded." + kind.kind().kind(), kind.text()));
      addNumbered(errors, response);
      return response.build();
    };
  }

  /** Shows kinds whose objects stay as they were. A kubelet need not know: a restart heals none. */
  @Produces
  @Wellness
  HealthCheck degraded() {
    return () -> {
      var kinds = loop.state().kinds();
      var response = HealthCheckResponse.named("degraded").status(kinds.isEmpty());
      kinds.forEach(report -> response.withData(report.kind().kind(), report.text()));
      return response.build();
    };
  }

  private static void addNumbered(List<Problem> problems, HealthCheckResponseBuilder response) {
    for (var i = 0; i < Math.min(problems.size(), MOST_PROBLEMS); i++) {
      response.withData("problem." + (i + 1), problems.get(i).text());
    }
  }
}
