package io.portcullis.agent.status;

import io.portcullis.agent.drift.Drift;
import io.portcullis.agent.version.VersionOutcome;
import io.portcullis.retry.Outage;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the agent's status. What goes on being wrong is logged and answered once, however often it
 * is tried. The loop's thread changes it, any thread reads it.
 */
public final class StatusTracker {
  private static final Logger LOG = LoggerFactory.getLogger(StatusTracker.class);

  /** An answer is repeated after that time, in case its topic was lost. */
  private static final Duration LONGEST_SILENCE = Duration.ofHours(1);

  /** Other shards write the sets, and may be a little behind. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  private final String topic;
  private final Consumer<AgentStatus> reports;
  private final LongSupplier nanos;
  private long reportedNanos;
  private Optional<String> followed = Optional.empty();
  private final Outage wideSets = new Outage();
  private OptionalLong waitsSinceNanos = OptionalLong.empty();
  private volatile AgentStatus status;

  /**
   * @param reports takes each status that is to be answered; it must not wait
   */
  public StatusTracker(AgentStatus status, String topic, Consumer<AgentStatus> reports) {
    this(status, topic, reports, System::nanoTime);
  }

  StatusTracker(
      AgentStatus status, String topic, Consumer<AgentStatus> reports, LongSupplier nanos) {
    this.status = status;
    this.topic = topic;
    this.reports = reports;
    this.nanos = nanos;
    this.reportedNanos = nanos.getAsLong();
  }

  /** Returns the status now. */
  public AgentStatus status() {
    return status;
  }

  private AgentStatus.Faults faults() {
    return status.faults();
  }

  /** The kernel holds this version of an earlier agent. */
  public void found(EnforcedVersion enforced) {
    LOG.info("the kernel holds version {} of an earlier agent", enforced.stamp().version());
    status = status.with(enforced);
  }

  /**
   * The kernel holds a version that the node's disk had.
   *
   * @param leftOut how many endpoints of it are not there any more
   */
  public void recalled(EnforcedVersion enforced, int leftOut) {
    var number = enforced.stamp().version();
    LOG.warn(
        "version {} is loaded from the node's disk: the kernel had no whole table;"
            + " endpoints left out, because no pod is where theirs was: {}",
        number,
        leftOut);
    status =
        status.with(enforced).with(faults().with(new Unconfirmed(Unconfirmed.Kind.WHOLE, number)));
    report();
  }

  /** The kernel holds a table in which no pod is known, because pods have other addresses now. */
  public void noPodIsKnown(EnforcedVersion closed) {
    var kind =
        closed.rules().podCidrs().isEmpty() ? Unconfirmed.Kind.UNGUARDED : Unconfirmed.Kind.CLOSED;
    var unconfirmed = new Unconfirmed(kind, closed.stamp().version());
    LOG.warn("{}", unconfirmed);
    status = status.with(faults().with(unconfirmed));
    report();
  }

  /** The kernel holds this version now. */
  public void committed(EnforcedVersion enforced) {
    status = status.with(enforced).with(faults().committed());
    report();
  }

  /** The kernel was read back, and holds what was enforced. */
  public void confirmed(String digest) {
    var isNew =
        status.enforced().flatMap(EnforcedVersion::kernelDigest).filter(digest::equals).isEmpty();
    status.enforced().ifPresent(enforced -> status = status.with(enforced.confirmed(digest)));
    if (isNew || nanos.getAsLong() - reportedNanos > LONGEST_SILENCE.toNanos()) {
      report();
    }
  }

  /** Others changed the table, and it was repaired. */
  public void repaired(Drift drift) {
    var took = drift.took().orElseThrow();
    var said = "others changed the table of version {}: {}; it was repaired after {} ms";
    if (faults().drift().isPresent()) {
      LOG.debug(said, drift.version(), drift.difference(), took.toMillis());
      return;
    }
    LOG.warn(said, drift.version(), drift.difference(), took.toMillis());
  }

  /** Takes why others may keep the kernel from holding the version; empty when they do not. */
  public void drift(Optional<String> reason) {
    if (faults().drift().equals(reason)) {
      return;
    }
    reason.ifPresentOrElse(LOG::error, () -> LOG.info("others leave the table alone again"));
    status = status.with(faults().withDrift(reason));
    report();
  }

  /** The kernel does not hold what it should. */
  public void failed(String reason) {
    if (faults().failure().equals(Optional.of(reason))) {
      return;
    }
    LOG.error("{}", reason);
    status = status.with(faults().withFailure(Optional.of(reason)));
    report();
  }

  /** The loop met what should never happen; its stack trace is logged. */
  public void failed(Throwable thrown) {
    if (!faults().failure().equals(Optional.of(thrown.toString()))) {
      LOG.error("the loop failed", thrown);
    }
    failed(thrown.toString());
  }

  /** Takes why the newest version is refused, and tells whether that reason is new. */
  public boolean refused(VersionOutcome.Refused refused) {
    var reason = Optional.of(refused.toString());
    if (faults().refusal().equals(reason)) {
      return false;
    }
    LOG.error("{}; the last version stays enforced", refused);
    status = status.with(faults().withRefusal(reason));
    report();
    return true;
  }

  /** The newest version is not refused any more. */
  public void notRefused() {
    if (faults().refusal().isPresent()) {
      status = status.with(faults().withRefusal(Optional.empty()));
      report(); // it may be the version that is enforced already
    }
  }

  /** This agent may not enforce yet, nor answer. */
  public void waiting(String reason) {
    var waiting = new AgentStatus.Topic.Waiting(reason);
    if (!status.topic().equals(waiting)) {
      LOG.warn("this agent enforces nothing: {}", reason);
      status = status.with(waiting);
    }
  }

  /** The topic is read from its beginning. */
  public void restoring() {
    status = status.with(new AgentStatus.Topic.Restoring());
  }

  /** The topic with this id was read to its end. */
  public void following(String id) {
    if (!followed.equals(Optional.of(id))) {
      LOG.info("following topic {} ({})", topic, id);
      followed = Optional.of(id);
    }
    var following = new AgentStatus.Topic.Following(id);
    if (!status.topic().equals(following)) {
      status = status.with(following);
    }
  }

  /** The topic cannot be read. */
  public void unavailable(String reason) {
    if (followed.isPresent() || !(status.topic() instanceof AgentStatus.Topic.Unavailable)) {
      LOG.warn("topic {} cannot be read, the last version stays enforced: {}", topic, reason);
      followed = Optional.empty();
    }
    status = status.with(new AgentStatus.Topic.Unavailable(reason));
  }

  /** Takes why wide sets cannot be read or are wrong; those that were read stay in use. */
  public void setsUnavailable(Optional<String> reason) {
    reason.ifPresentOrElse(
        why -> wideSets.report(why, text -> LOG.warn("wide sets: {}", text)), wideSets::end);
  }

  /** Takes which sets the newest version waits for; that is reported when it takes long. */
  public void missing(Optional<String> sets) {
    if (sets.isEmpty()) {
      waitsSinceNanos = OptionalLong.empty();
      if (faults().waiting().isPresent()) {
        status = status.with(faults().withWaiting(Optional.empty()));
        report(); // the answer that the version was enforced may have gone out before
      }
      return;
    }
    var since = waitsSinceNanos.orElseGet(nanos);
    waitsSinceNanos = OptionalLong.of(since);
    if (nanos.getAsLong() - since > LONGEST_WAIT.toNanos() && faults().waiting().isEmpty()) {
      var reason = sets.get() + wideSets.reason().map(text -> ": " + text).orElse("");
      LOG.warn("the newest version is {}; the last one stays enforced", reason);
      status = status.with(faults().withWaiting(Optional.of("the newest version is " + reason)));
      report();
    }
  }

  private void report() {
    reportedNanos = nanos.getAsLong();
    reports.accept(status);
  }
}
