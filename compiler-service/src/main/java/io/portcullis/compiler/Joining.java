package io.portcullis.compiler;

import io.portcullis.topic.Ownership;
import io.portcullis.topic.TopicAdmin;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When a new compiler shares in the work: whoever owns shards goes on owning them until this one
 * knows their topics. Then it takes over in a moment, and no node waits while they are read. The
 * worker's thread uses it.
 */
final class Joining {
  private static final Logger LOG = LoggerFactory.getLogger(Joining.class);

  /** After so long it shares in the work, whatever it knows of it. */
  private static final Duration LONGEST = Duration.ofMinutes(2);

  private static final Duration BETWEEN_ASKING_FOR_MEMBERS = Duration.ofSeconds(1);

  private final TopicAdmin admin;
  private final String group;
  private final Ownership ownership;
  private final BooleanSupplier knowsTheTopics;
  private boolean joined;
  private OptionalLong sinceNanos = OptionalLong.empty();
  private long askedForMembersNanos = System.nanoTime() - BETWEEN_ASKING_FOR_MEMBERS.toNanos();

  /** Stays out of the group at first. */
  Joining(TopicAdmin admin, String group, Ownership ownership, BooleanSupplier knowsTheTopics) {
    this.admin = admin;
    this.group = group;
    this.ownership = ownership;
    this.knowsTheTopics = knowsTheTopics;
    ownership.leave();
  }

  /** Joins if it is time; called again and again once the cluster is known. */
  void joinIfDue() {
    if (joined) {
      return;
    }
    if (sinceNanos.isEmpty()) {
      sinceNanos = OptionalLong.of(System.nanoTime());
    }
    if (knowsTheTopics.getAsBoolean() || waitedTooLong() || isAlone()) {
      ownership.join();
      joined = true;
    }
  }

  private boolean waitedTooLong() {
    return System.nanoTime() - sinceNanos.getAsLong() > LONGEST.toNanos();
  }

  private boolean isAlone() {
    if (System.nanoTime() - askedForMembersNanos < BETWEEN_ASKING_FOR_MEMBERS.toNanos()) {
      return false;
    }
    askedForMembersNanos = System.nanoTime();
    try {
      return !admin.hasMembers(group);
    } catch (KafkaException e) {
      LOG.debug("members of {} are not known", group, e);
      return false;
    }
  }
}
