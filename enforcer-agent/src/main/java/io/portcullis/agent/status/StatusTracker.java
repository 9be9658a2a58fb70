package io.portcullis.agent.status;

import io.portcullis.agent.drift.Drift;
import io.portcullis.agent.version.Outcome;
import io.portcullis.retry.Outage;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the agent says of itself. What goes on being wrong is logged and answered once, however
 * often it is tried. The loop's thread changes it, any thread reads it.
 */
public final class StatusTracker {
  private static final Logger LOG = LoggerFactory.getLogger(StatusTracker.class);

  /** An answer is given again after that time, should its topic have been lost. */
  private static final Duration LONGEST_SILENCE = Duration.ofHours(1);

  /** Sets come from other shards, which are not in step. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  private final String topic;
  private final Consumer<AgentStatus> reports;
  private long reportedNanos = System.nanoTime();
  private Optional<String> followed = Optional.empty();
  private final Outage wideSets = new Outage();
  private OptionalLong waitsSinceNanos = OptionalLong.empty();
  private volatile AgentStatus status;

  /**
   * @param reports takes what is to be answered; it must not wait
   */
  public StatusTracker(AgentStatus status, String topic, Consumer<AgentStatus> reports) {
    this.status = status;
    this.topic = topic;
    this.reports = reports;
  }

  public AgentStatus status() {
    return status;
  }

  /** An agent before this one left it. */
  public void found(EnforcedVersion enforced) {
    LOG.info("the kernel holds version {} of an agent before", enforced.stamp().version());
    status = status.with(enforced);
  }

  public void committed(EnforcedVersion enforced) {
    status = status.with(enforced).withFailure(Optional.empty());
    report();
  }

  /** The kernel was read back, and holds what was enforced. */
  public void confirmed(String digest) {
    var isNew =
        status.enforced().flatMap(EnforcedVersion::kernelDigest).filter(digest::equals).isEmpty();
    status.enforced().ifPresent(enforced -> status = status.with(enforced.confirmed(digest)));
    if (isNew || System.nanoTime() - reportedNanos > LONGEST_SILENCE.toNanos()) {
      report();
    }
  }

  /** Others changed the table, and it was repaired. */
  public void repaired(Drift drift) {
    var took = drift.took().orElseThrow();
    var said = "others changed the table of version {}: {}; it was repaired after {} ms";
    if (status.drift().isPresent()) {
      LOG.debug(said, drift.version(), drift.difference(), took.toMillis());
      return;
    }
    LOG.warn(said, drift.version(), drift.difference(), took.toMillis());
  }

  /** Whether others keep the kernel from holding what was enforced, and how. */
  public void drift(Optional<String> reason) {
    if (status.drift().equals(reason)) {
      return;
    }
    reason.ifPresentOrElse(LOG::error, () -> LOG.info("others leave the table alone again"));
    status = status.withDrift(reason);
    report();
  }

  public void failed(String reason) {
    if (status.failure().equals(Optional.of(reason))) {
      return;
    }
    LOG.error("{}", reason);
    status = status.withFailure(Optional.of(reason));
    report();
  }

  /** The same of what should never happen: where it happened is logged. */
  public void failed(Throwable thrown) {
    if (!status.failure().equals(Optional.of(thrown.toString()))) {
      LOG.error("the loop failed", thrown);
    }
    failed(thrown.toString());
  }

  /** Whether this is new. */
  public boolean refused(Outcome.Refused refused) {
    var reason = Optional.of(refused.toString());
    if (status.refusal().equals(reason)) {
      return false;
    }
    LOG.error("{}; the last version stays enforced", refused);
    status = status.withRefusal(reason);
    report();
    return true;
  }

  public void notRefused() {
    status = status.withRefusal(Optional.empty());
  }

  /** This agent must not do anything; it answers nothing either. */
  public void waiting(String reason) {
    var waiting = new AgentStatus.Topic.Waiting(reason);
    if (!status.topic().equals(waiting)) {
      LOG.warn("nothing is enforced by this agent: {}", reason);
      status = status.with(waiting);
    }
  }

  public void restoring() {
    status = status.with(new AgentStatus.Topic.Restoring());
  }

  public void following(String id) {
    if (!followed.equals(Optional.of(id))) {
      LOG.info("topic {} ({}) is followed", topic, id);
      followed = Optional.of(id);
    }
    var following = new AgentStatus.Topic.Following(id);
    if (!status.topic().equals(following)) {
      status = status.with(following);
    }
  }

  public void unavailable(String reason) {
    if (followed.isPresent() || !(status.topic() instanceof AgentStatus.Topic.Unavailable)) {
      LOG.warn("topic {} cannot be read, the last version stays enforced: {}", topic, reason);
      followed = Optional.empty();
    }
    status = status.with(new AgentStatus.Topic.Unavailable(reason));
  }

  /** The wide sets cannot be read, or one is wrong; those that were read stay in use. */
  public void setsUnavailable(Optional<String> reason) {
    reason.ifPresentOrElse(
        why -> wideSets.report(why, text -> LOG.warn("wide sets: {}", text)), wideSets::end);
  }

  /** What the newest version waits for; said when it takes long. */
  public void missing(Optional<String> sets) {
    if (sets.isEmpty()) {
      if (waitsSinceNanos.isPresent()) {
        waitsSinceNanos = OptionalLong.empty();
        status = status.withWaiting(Optional.empty());
      }
      return;
    }
    var since = waitsSinceNanos.orElseGet(System::nanoTime);
    waitsSinceNanos = OptionalLong.of(since);
    if (System.nanoTime() - since > LONGEST_WAIT.toNanos() && status.waiting().isEmpty()) {
      var reason = sets.get() + wideSets.reason().map(text -> ": " + text).orElse("");
      LOG.warn("the newest version is {}; the last one stays enforced", reason);
      status = status.withWaiting(Optional.of("the newest version is " + reason));
      report();
    }
  }

  private void report() {
    reportedNanos = System.nanoTime();
    reports.accept(status);
  }
}
