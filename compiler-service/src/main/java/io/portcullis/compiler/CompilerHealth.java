package io.portcullis.compiler;

import io.portcullis.endpoint.LoopLiveness;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** The health checks of the compiler, which the kubelet and operators read. */
@Singleton
final class CompilerHealth {
  private final CompilerLoop loop;

  CompilerHealth(CompilerLoop loop) {
    this.loop = loop;
  }

  @Produces
  @Liveness
  HealthCheck liveness() {
    return LoopLiveness.of(loop::sinceProgress);
  }

  @Produces
  @Readiness
  HealthCheck readiness() {
    return () -> {
      var state = loop.state();
      var response =
          HealthCheckResponse.named("cluster")
              .withData("topicId", state.clusterTopicId())
              .withData("position", state.clusterPosition())
              .withData("ownedShards", state.ownedShards().size())
              .withData("overloaded", state.overloaded())
              .withData("behind", state.behind())
              .status(state.whole() && state.unavailable().isEmpty() && state.failures().isEmpty());
      state.unavailable().ifPresent(reason -> response.withData("unavailable", reason));
      state.unreadable().forEach(response::withData);
      state.failures().forEach(response::withData);
      state.conflicts().forEach(conflict -> response.withData("T11 " + conflict, true));
      return response.build();
    };
  }
}
