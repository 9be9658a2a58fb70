package io.portcullis.agent.health;

import io.portcullis.agent.EnforcerAgent;
import io.portcullis.agent.Status;
import io.portcullis.agent.report.Reporter;
import io.smallrye.health.api.Wellness;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/**
 * Alive: the loop turns. Ready: a version of this agent is in the kernel, whatever else goes on.
 * Well: that version is the newest, newer ones would be heard of, live connections are judged by
 * it, and answers are taken.
 */
@Singleton
final class AgentHealth {
  /** The largest rule sets take seconds to program, and a broker that is away some more. */
  private static final Duration LONGEST_TURN = Duration.ofMinutes(5);

  private final EnforcerAgent agent;
  private final Reporter reporter;

  AgentHealth(EnforcerAgent agent, Reporter reporter) {
    this.agent = agent;
    this.reporter = reporter;
  }

  @Produces
  @Liveness
  HealthCheck turning() {
    return () ->
        HealthCheckResponse.named("loop")
            .withData("sinceTurnedMillis", agent.sinceTurn().toMillis())
            .status(agent.isAlive() && agent.sinceTurn().compareTo(LONGEST_TURN) < 0)
            .build();
  }

  @Produces
  @Readiness
  HealthCheck enforcing() {
    return () -> {
      var status = agent.status();
      return data("enforced", status).status(status.enforced().isPresent()).build();
    };
  }

  @Produces
  @Wellness
  HealthCheck current() {
    return () -> {
      var status = agent.status();
      var follows = status.topic() instanceof Status.Topic.Following;
      var trouble = reporter.trouble();
      var response = data("current", status);
      trouble.ifPresent(reason -> response.withData("answers", reason));
      var unjudged = agent.connections().trouble();
      unjudged.ifPresent(reason -> response.withData("connections", reason));
      return response
          .status(follows && status.error().isEmpty() && trouble.isEmpty() && unjudged.isEmpty())
          .build();
    };
  }

  private static HealthCheckResponseBuilder data(String name, Status status) {
    var response =
        HealthCheckResponse.named(name)
            .withData("node", status.node())
            .withData("topic", status.topic().toString())
            .withData("nft", status.nft());
    status
        .enforced()
        .ifPresent(
            held ->
                response
                    .withData("version", held.stamp().version())
                    .withData("digest", held.stamp().digest())
                    .withData("topicId", held.stamp().topicId())
                    .withData("committed", time(held.times().committed())));
    status.error().ifPresent(error -> response.withData("error", error));
    return response;
  }

  private static String time(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
  }
}
