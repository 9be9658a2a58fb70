package io.portcullis.agent;

import io.portcullis.agent.connections.LiveConnections;
import io.portcullis.agent.enforce.Programmed;
import io.portcullis.agent.enforce.TableCheck;
import io.portcullis.agent.program.Plan;
import io.portcullis.agent.state.NodeState;
import io.portcullis.agent.status.EnforcedVersion;
import io.portcullis.agent.status.Observer;
import io.portcullis.agent.status.StatusTracker;
import io.portcullis.net.IpAddress;
import io.portcullis.retry.Backoff;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.RuleSet;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes on what became of versions in the kernel: to live connections, the status, the metrics and
 * the log, and to the node's disk. The loop's thread uses it.
 */
record EnforcementResults(
    LiveConnections connections,
    StatusTracker status,
    Observer observer,
    NodeState state,
    Backoff sweeps) {
  private static final Logger LOG = LoggerFactory.getLogger(EnforcementResults.class);

  /** A sweep over all connections costs more than the repair of a table. */
  private static final Duration BETWEEN_SWEEPS = Duration.ofSeconds(10);

  EnforcementResults(
      LiveConnections connections, StatusTracker status, Observer observer, NodeState state) {
    this(connections, status, observer, state, new Backoff(BETWEEN_SWEEPS, BETWEEN_SWEEPS));
  }

  /** The table that an earlier agent left is enforced from now on. */
  void takenOver(EnforcedVersion version) {
    status.found(version);
    connections.enforced(version.rules());
  }

  /**
   * A version that the node's disk had is enforced from now on.
   *
   * @param leftOut how many endpoints of it are not there any more
   */
  void recalled(EnforcedVersion version, int leftOut) {
    status.recalled(version, leftOut);
    connections.enforced(version.rules());
  }

  /** A version was programmed, or could not be. */
  void programmed(Programmed result) {
    switch (result) {
      case Programmed.Committed committed -> committed(committed);
      case Programmed.Failed(var reason) -> {
        observer.failed();
        status.failed(reason);
      }
    }
  }

  private void committed(Programmed.Committed committed) {
    var enforced = committed.enforced();
    judgeConnections(committed);
    status.committed(enforced);
    state.enforced(enforced);
    if (!committed.plan().steps().isEmpty()) {
      observer.committed(enforced, committed.took());
    }
    log(committed);
    enforced.isolation().ifPresent(part -> LOG.error("the version is in force {}", part));
  }

  private void judgeConnections(Programmed.Committed committed) {
    var rules = committed.enforced().rules();
    status
        .status()
        .enforced()
        .ifPresentOrElse(
            before -> connections.enforced(before.rules(), rules, scope(committed.plan(), rules)),
            () -> connections.enforced(rules));
  }

  /** Returns the endpoints whose connections are to be looked at (C2). */
  private static Set<IpAddress> scope(Plan plan, RuleSet rules) {
    return plan.isOfNewTable()
        ? rules.endpoints().stream().map(Endpoint::ip).collect(Collectors.toSet())
        : plan.narrowed();
  }

  private static void log(Programmed.Committed committed) {
    var enforced = committed.enforced();
    var times = enforced.times();
    LOG.info(
        "version {} is in the kernel: digest={} records={} steps={} verifyMicros={}"
            + " programMicros={} sinceCompiledMicros={}",
        enforced.stamp().version(),
        enforced.stamp().digest().substring(0, 8),
        enforced.rules().size(),
        committed.plan().steps().stream().map(Plan.Step::name).toList(),
        times.verified() - times.received(),
        committed.took().toNanos() / 1_000,
        enforced.marker().map(m -> times.committed() - m.compiledMicros()).orElse(0L));
  }

  /**
   * The kernel's table was read back, and repaired if it had been changed.
   *
   * @param trouble why the table may not stay as it is, if there is a reason
   */
  void readBack(TableCheck check, Optional<String> trouble) {
    switch (check) {
      case TableCheck.Intact(var digest) -> {
        status.confirmed(digest);
        if (status.status().faults().drift().isPresent()) {
          judgeThoseOfTheGap();
        }
      }
      case TableCheck.Repaired(var drift) -> {
        observer.repaired(drift.took().orElseThrow());
        status.repaired(drift);
        if (sweeps.isDue()) {
          judgeThoseOfTheGap();
        }
      }
      case TableCheck.Unrepaired _ -> {}
    }
    status.drift(trouble);
  }

  /** Connections may have begun while others had removed the table. */
  private void judgeThoseOfTheGap() {
    sweeps.failed(BETWEEN_SWEEPS);
    status.status().enforced().ifPresent(held -> connections.enforced(held.rules()));
  }
}
