package io.portcullis.agent.health;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.portcullis.agent.EnforcerAgent;
import io.portcullis.agent.connections.LiveConnections.Counts;
import io.portcullis.agent.kernel.KernelTables;
import io.portcullis.agent.kernel.NftException;
import io.portcullis.agent.status.AgentStatus;
import io.portcullis.agent.status.EnforcedVersion;
import io.portcullis.agent.status.Observer;
import io.portcullis.agent.version.VersionOutcome.Reason;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Metrics; their number is fixed whatever the cluster holds. */
@Singleton
final class Meters implements Observer {
  private static final Logger LOG = LoggerFactory.getLogger(Meters.class);

  private final MeterRegistry registry;
  private final Counter failures;
  private final Timer programming;
  private final Timer sinceCompiled;
  private final Timer repairing;
  private final Map<Reason, Counter> refusals = new EnumMap<>(Reason.class);

  Meters(MeterRegistry registry) {
    this.registry = registry;
    failures =
        Counter.builder("portcullis.agent.failures")
            .description("versions that the kernel did not take, counted at each try")
            .register(registry);
    programming =
        Timer.builder("portcullis.agent.programming")
            .description(
                "from the verified version to the commit of the kernel; its count is commits")
            .register(registry);
    sinceCompiled =
        Timer.builder("portcullis.agent.compile.to.commit")
            .description("from the compiler's clock in the marker to the commit of the kernel")
            .register(registry);
    repairing =
        Timer.builder("portcullis.agent.drift.repair")
            .description("from when a change by others was seen to its repair")
            .register(registry);
    for (var reason : Reason.values()) {
      refusals.put(
          reason,
          Counter.builder("portcullis.agent.refusals")
              .description("versions that were not enforced")
              .tag("reason", reason.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
  }

  void guard(@Observes StartupEvent started, EnforcerAgent agent, KernelTables tables) {
    Gauge.builder("portcullis.agent.guard.active", agent, a -> a.guard().isActive() ? 1 : 0)
        .description("1 while pods that are not known yet are shut off")
        .register(registry);
    Gauge.builder(
            "portcullis.agent.guard.incomplete",
            agent,
            a -> a.guardScope().trouble().isPresent() ? 1 : 0)
        .description("1 while pod CIDRs are not this node's, or some links cannot be guarded")
        .register(registry);
    Gauge.builder("portcullis.agent.guard.known", agent, a -> a.guard().known().addresses())
        .description("addresses of exempt pods that the node itself knows")
        .register(registry);
    FunctionCounter.builder("portcullis.agent.guard.dropped", tables, this::dropped)
        .description("packets from and to pods that are not known yet; 0 again with a new table")
        .register(registry);
  }

  private double dropped(KernelTables tables) {
    try {
      return tables.droppedByGuard();
    } catch (NftException e) {
      LOG.debug("the guard's counters cannot be read", e);
      return Double.NaN;
    }
  }

  void gauge(@Observes StartupEvent started, EnforcerAgent agent) {
    Gauge.builder("portcullis.agent.version", agent, a -> version(a.status()))
        .description("number of the version in the kernel, 0 before the first")
        .register(registry);
    Gauge.builder("portcullis.agent.following", agent, a -> follows(a.status()) ? 1 : 0)
        .description("1 while new versions would be heard of")
        .register(registry);
    FunctionCounter.builder("portcullis.agent.drift", agent, a -> a.drifts().count())
        .description("changes of the table in the kernel by others")
        .register(registry);
    connections(agent, "cut", Counts::cut);
    connections(agent, "restored", Counts::restored);
    connections(agent, "forgotten", Counts::forgotten);
    Gauge.builder(
            "portcullis.agent.connections.marked", agent, a -> a.connections().counts().marked())
        .description("live connections that are cut now")
        .register(registry);
    Gauge.builder("portcullis.agent.wrong", agent, a -> a.status().error().isPresent() ? 1 : 0)
        .description("1 while the newest version is not in the kernel, or may not stay there")
        .register(registry);
  }

  private void connections(EnforcerAgent agent, String outcome, ToLongFunction<Counts> count) {
    FunctionCounter.builder(
            "portcullis.agent.connections", agent, a -> count.applyAsLong(a.connections().counts()))
        .description("live connections that a version changed")
        .tag("outcome", outcome)
        .register(registry);
  }

  private static double version(AgentStatus status) {
    return status.enforced().map(held -> held.stamp().version()).orElse(0L);
  }

  private static boolean follows(AgentStatus status) {
    return status.topic() instanceof AgentStatus.Topic.Following;
  }

  @Override
  public void committed(EnforcedVersion enforced, Duration took) {
    programming.record(took);
    enforced
        .marker()
        .ifPresent(
            marker ->
                sinceCompiled.record(
                    Duration.ofNanos(
                        1_000
                            * Math.max(
                                0, enforced.times().committed() - marker.compiledMicros()))));
  }

  @Override
  public void failed() {
    failures.increment();
  }

  @Override
  public void repaired(Duration took) {
    repairing.record(took);
  }

  @Override
  public void refused(Reason reason) {
    refusals.get(reason).increment();
  }
}
