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
 * Decides when a new compiler joins the group. Until it knows the topics, the present owners keep
 * all shards. Then it takes over in a moment, and no node waits for topics to be read. Only the
 * loop's thread uses it.
 */
final class GroupJoiner {
  private static final Logger LOG = LoggerFactory.getLogger(GroupJoiner.class);

  /** After this time the compiler joins, whether it knows the topics or not. */
  private static final Duration MAX_WAIT = Duration.ofMinutes(2);

  private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(1);

  private final TopicAdmin admin;
  private final String group;
  private final Ownership ownership;
  private final BooleanSupplier knowsTheTopics;
  private boolean joined;
  private OptionalLong sinceNanos = OptionalLong.empty();
  private long askedNanos = System.nanoTime() - BETWEEN_QUESTIONS.toNanos();

  /** Leaves the group, until {@link #joinIfDue}. */
  GroupJoiner(TopicAdmin admin, String group, Ownership ownership, BooleanSupplier knowsTheTopics) {
    this.admin = admin;
    this.group = group;
    this.ownership = ownership;
    this.knowsTheTopics = knowsTheTopics;
    ownership.leave();
  }

  /** Joins if it is time. The loop calls it each time around once the cluster is whole. */
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

  boolean hasJoined() {
    return joined;
  }

  private boolean waitedTooLong() {
    return System.nanoTime() - sinceNanos.getAsLong() > MAX_WAIT.toNanos();
  }

  private boolean isAlone() {
    if (System.nanoTime() - askedNanos < BETWEEN_QUESTIONS.toNanos()) {
      return false;
    }
    askedNanos = System.nanoTime();
    try {
      return !admin.hasMembers(group);
    } catch (KafkaException e) {
      LOG.debug("group {}: cannot ask for its members", group, e);
      return false;
    }
  }
}
