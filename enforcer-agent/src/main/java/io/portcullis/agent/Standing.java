package io.portcullis.agent;

import io.portcullis.agent.version.Outcome;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the agent says of itself. What goes on being wrong is logged and answered once, however
 * often it is tried. The loop's thread changes it, any thread reads it.
 */
final class Standing {
  private static final Logger LOG = LoggerFactory.getLogger(Standing.class);

  private final String topic;
  private final Consumer<Status> reports;
  private Optional<String> followed = Optional.empty();
  private volatile Status status;

  /**
   * @param reports takes what is to be answered; it must not wait
   */
  Standing(Status status, String topic, Consumer<Status> reports) {
    this.status = status;
    this.topic = topic;
    this.reports = reports;
  }

  Status status() {
    return status;
  }

  /** An agent before this one left it. */
  void found(Enforced enforced) {
    LOG.info("the kernel holds version {} of an agent before", enforced.stamp().version());
    status = status.with(enforced);
  }

  void committed(Enforced enforced) {
    status = status.with(enforced).withFailure(Optional.empty());
    report();
  }

  /** The kernel was read back. */
  void confirmed(String digest) {
    var confirmed = status.enforced().map(enforced -> enforced.confirmed(digest));
    confirmed.ifPresent(enforced -> status = status.with(enforced));
    if (confirmed.filter(enforced -> !enforced.stamp().digest().equals(digest)).isPresent()) {
      failed("the kernel holds something else: digest " + digest);
    }
    report();
  }

  void failed(String reason) {
    if (status.failure().equals(Optional.of(reason))) {
      return;
    }
    LOG.error("{}", reason);
    status = status.withFailure(Optional.of(reason));
    report();
  }

  /** The same of what should never happen: where it happened is logged. */
  void failed(Throwable thrown) {
    if (!status.failure().equals(Optional.of(thrown.toString()))) {
      LOG.error("the loop failed", thrown);
    }
    failed(thrown.toString());
  }

  /** Whether this is new. */
  boolean refused(Outcome.Refused refused) {
    var reason = Optional.of(refused.toString());
    if (status.refusal().equals(reason)) {
      return false;
    }
    LOG.error("{}; the last version stays enforced", refused);
    status = status.withRefusal(reason);
    report();
    return true;
  }

  void notRefused() {
    status = status.withRefusal(Optional.empty());
  }

  void restoring() {
    status = status.with(new Status.Topic.Restoring());
  }

  void following(String id) {
    if (!followed.equals(Optional.of(id))) {
      LOG.info("topic {} ({}) is followed", topic, id);
      followed = Optional.of(id);
    }
    var following = new Status.Topic.Following(id);
    if (!status.topic().equals(following)) {
      status = status.with(following);
    }
  }

  void unavailable(String reason) {
    if (followed.isPresent() || !(status.topic() instanceof Status.Topic.Unavailable)) {
      LOG.warn("topic {} cannot be read, the last version stays enforced: {}", topic, reason);
      followed = Optional.empty();
    }
    status = status.with(new Status.Topic.Unavailable(reason));
  }

  private void report() {
    reports.accept(status);
  }
}
