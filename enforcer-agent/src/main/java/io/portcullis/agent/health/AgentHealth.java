package io.portcullis.agent.health;

import io.portcullis.agent.EnforcerAgent;
import io.portcullis.agent.counters.DeniedSample;
import io.portcullis.agent.counters.HitCounters;
import io.portcullis.agent.enforce.HostWatch;
import io.portcullis.agent.guard.GuardMode;
import io.portcullis.agent.host.Problem;
import io.portcullis.agent.host.Problem.Severity;
import io.portcullis.agent.report.Reporter;
import io.portcullis.agent.status.AgentStatus;
import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.smallrye.health.api.Wellness;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/**
 * Alive: the loop turns. Ready: a version of this agent is in the kernel, whatever else goes on,
 * and the machine lets it be the whole truth. Well: that version is the newest, newer ones would be
 * heard of, live connections are judged by it, answers are taken, and the node's disk keeps it.
 */
@Singleton
final class AgentHealth {
  /** The largest rule sets take seconds to program, and a broker that is away some more. */
  private static final Duration LONGEST_TURN = Duration.ofMinutes(5);

  private final EnforcerAgent agent;
  private final Reporter reporter;
  private final HostWatch host;
  private final HitCounters tally;
  private final DeniedSample denied;

  AgentHealth(
      EnforcerAgent agent,
      Reporter reporter,
      HostWatch host,
      HitCounters tally,
      DeniedSample denied) {
    this.denied = denied;
    this.tally = tally;
    this.agent = agent;
    this.reporter = reporter;
    this.host = host;
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
      var response = data("enforced", status).status(status.enforced().isPresent());
      var isGuarded = agent.guard().isActive();
      status
          .faults()
          .unconfirmed()
          .ifPresent(held -> response.withData("unconfirmed", held.text(isGuarded)));
      return response.build();
    };
  }

  /** What the machine does not offer: a version that is in the kernel may not be enforced there. */
  @Produces
  @Readiness
  HealthCheck machine() {
    return () -> {
      var problems = host.problems(pods());
      var response = HealthCheckResponse.named("machine");
      for (var severity : Severity.values()) {
        var texts =
            problems.stream()
                .filter(problem -> problem.severity() == severity)
                .map(Problem::toString)
                .toList();
        if (!texts.isEmpty()) {
          response.withData(severity.name().toLowerCase(Locale.ROOT), String.join("; ", texts));
        }
      }
      spoofGuard(response);
      newPods(response);
      var isWrong = problems.stream().anyMatch(problem -> problem.severity() == Severity.WRONG);
      return response.status(!isWrong && !agent.guard().mayLockOut()).build();
    };
  }

  private List<IpAddress> pods() {
    return agent.status().enforced().stream()
        .flatMap(held -> held.rules().endpoints().stream())
        .map(Endpoint::ip)
        .toList();
  }

  /** C1. */
  private void newPods(HealthCheckResponseBuilder response) {
    var guard = agent.guard();
    response.withData("guard", guard.text(Instant.now()));
    if (guard.mode() != GuardMode.OFF) {
      response.withData("guarded", agent.guardScope().text());
    }
    response.withData("knownByNode", guard.known().text());
    guard.beat().ifPresent(beat -> response.withData("lastBeat", beat.toString()));
    guard.trouble().ifPresent(reason -> response.withData("heartbeat", reason));
  }

  private void spoofGuard(HealthCheckResponseBuilder response) {
    var links = agent.links();
    response.withData(
        "spoofGuard", agent.linksTrouble().orElse(links.own().size() + " links of pods"));
    if (!links.shared().isEmpty()) {
      response.withData(
          "notGuarded",
          links.shared().entrySet().stream()
              .map(link -> link.getValue() + " addresses of pods over " + link.getKey())
              .collect(Collectors.joining(", ")));
    }
  }

  @Produces
  @Wellness
  HealthCheck current() {
    return () -> {
      var status = agent.status();
      var follows = status.topic() instanceof AgentStatus.Topic.Following;
      var trouble = reporter.trouble();
      var response = data("current", status);
      trouble.ifPresent(reason -> response.withData("answers", reason));
      tally.trouble().ifPresent(reason -> response.withData("counters", reason));
      denied.trouble().ifPresent(reason -> response.withData("denied", reason));
      var unkept = agent.stateTrouble();
      unkept.ifPresent(reason -> response.withData("state", reason));
      var unguarded =
          agent.guardScope().trouble().filter(_ -> agent.guard().mode() != GuardMode.OFF);
      unguarded.ifPresent(reason -> response.withData("guard", reason));
      var unjudged = agent.connections().trouble();
      unjudged.ifPresent(reason -> response.withData("connections", reason));
      return response
          .status(
              follows
                  && status.error().isEmpty()
                  && trouble.isEmpty()
                  && unkept.isEmpty()
                  && unguarded.isEmpty()
                  && unjudged.isEmpty())
          .build();
    };
  }

  private static HealthCheckResponseBuilder data(String name, AgentStatus status) {
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
