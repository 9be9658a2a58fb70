package io.portcullis.compiler;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** The health checks of the compiler, which the kubelet and operators read. */
@Singleton
final class CompilerHealth {
  private static final Duration MAX_ROUND = Duration.ofMinutes(1);

  private final CompilerLoop loop;

  CompilerHealth(CompilerLoop loop) {
    this.loop = loop;
  }

  @Produces
  @Liveness
  HealthCheck loop() {
    return () ->
        HealthCheckResponse.named("loop")
            .withData("sinceTurnedMillis", loop.sinceProgress().toMillis())
            .status(loop.sinceProgress().compareTo(MAX_ROUND) < 0)
            .build();
  }

  @Produces
  @Readiness
  HealthCheck whole() {
    return () -> {
      var state = loop.state();
      var response =
          HealthCheckResponse.named("cluster")
              .withData("topicId", state.clusterTopicId())
              .withData("position", state.clusterPosition())
              .withData("ownedShards", state.ownedShards().size())
              .status(state.whole() && state.unavailable().isEmpty() && state.failures().isEmpty());
      state.unavailable().ifPresent(reason -> response.withData("unavailable", reason));
      state.unreadable().forEach(response::withData);
      state.failures().forEach(response::withData);
      state.conflicts().forEach(conflict -> response.withData("T11 " + conflict, true));
      return response.build();
    };
  }
}
