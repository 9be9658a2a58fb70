package io.portcullis.topic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the committed records of a partition of a compacted topic: restores it to its end, then
 * tells changes. It never makes the topic, and heals by itself when the topic or the broker was
 * away. A topic that was made anew is noticed where the position is gone, or when nothing comes, by
 * its id; before that, records of both may come as one row: readers compare the id in each marker
 * and call {@link #restore}.
 *
 * <pre>
 *   restoring --Restored--> following --position gone, another id, restore()--> restoring
 *      |  ^                     |
 *      +--+ Unavailable, Gone   +-- Changes, Nothing, Unavailable, Gone
 * </pre>
 *
 * <p>One thread uses it; {@link #wakeup} may be called from any.
 */
public final class TopicFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TopicFollower.class);
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);
  private static final Duration BETWEEN_ID_CHECKS = Duration.ofSeconds(5);

  /** Brokers check a login each time, and thousands of readers may be refused at once. */
  private static final Duration AFTER_REFUSAL = Duration.ofSeconds(5);

  /** The result of one poll. */
  public sealed interface Reading {
    /** Nothing within the time. */
    record Nothing() implements Reading {}

    /** The broker does not answer: keep what you have. */
    record Unavailable(String reason) implements Reading {}

    /** The topic is not there, or no longer the one that was read before. */
    record Gone(String reason) implements Reading {}

    /** All that the topic holds; it replaces whatever was read before. */
    record Restored(TopicContent content) implements Reading {}

    /**
     * Committed records in their order.
     *
     * @param position the offset after the last one
     */
    record Changes(List<Change> changes, long position) implements Reading {
      public Changes {
        changes = List.copyOf(changes);
      }
    }
  }

  /**
   * One record.
   *
   * @param value absent: the key was removed
   * @param origin why it was removed, where its writer says so ({@link Transaction#ORIGIN})
   * @param timestampMillis since 1970, as the topic's settings have it
   */
  public record Change(
      String key,
      Optional<byte[]> value,
      Optional<byte[]> origin,
      long offset,
      long timestampMillis) {}

  private static final Reading NOTHING = new Reading.Nothing();

  private final TopicPartition partition;
  private final TopicAdmin admin;
  private final KafkaConsumer<String, byte[]> consumer;
  private final BrokerLiveness hearing;
  private String topicId = "";
  private Optional<TopicAdmin.Ids> askedIds = Optional.empty();
  private long idsAskedNanos;
  private boolean following;
  private Optional<Refusal> refusal = Optional.empty();

  /** Nothing is asked before that time of the monotonic clock. */
  private record Refusal(String reason, long untilNanos) {}

  /** Follows the one partition of a topic. */
  public TopicFollower(KafkaSettings settings, TopicAdmin admin, String topic) {
    this(settings, admin, topic, 0);
  }

  public TopicFollower(KafkaSettings settings, TopicAdmin admin, String topic, int partition) {
    this(settings, admin, new TopicPartition(topic, partition), System::nanoTime);
  }

  TopicFollower(
      KafkaSettings settings, TopicAdmin admin, TopicPartition partition, LongSupplier clockNanos) {
    this.partition = partition;
    this.admin = admin;
    this.consumer = new KafkaConsumer<>(settings.reader());
    this.hearing = new BrokerLiveness(consumer, clockNanos);
  }

  /** Waits for the next thing, at most so long; less when {@link #wakeup} is called. */
  public Reading poll(Duration atMost) {
    if (refusal.isPresent() && System.nanoTime() - refusal.get().untilNanos() < 0) {
      return unavailable(refusal.get().reason(), atMost);
    }
    refusal = Optional.empty();
    try {
      return following ? followOn(atMost) : begin(atMost);
    } catch (WakeupException _) {
      return NOTHING;
    } catch (OffsetOutOfRangeException e) {
      LOG.info("topic {}: position is gone, restoring", partition.topic());
      LOG.debug("topic {}", partition.topic(), e);
      following = false;
      return NOTHING;
    } catch (KafkaException e) {
      LOG.debug("topic {}", partition.topic(), e);
      var reason = KafkaErrors.reason(e, "Read", Set.of(partition.topic()));
      if (KafkaErrors.isRefusal(e)) {
        refusal = Optional.of(new Refusal(reason, System.nanoTime() + AFTER_REFUSAL.toNanos()));
      }
      return unavailable(reason, atMost);
    }
  }

  private Reading begin(Duration atMost) {
    var restored = TopicRestore.restore(consumer, admin, Set.of(partition), () -> {});
    if (restored.isEmpty()) {
      pause(atMost);
      return new Reading.Gone("topic " + partition.topic() + " does not exist");
    }
    var content = restored.get(partition);
    topicId = content.topicId();
    askedIds = Optional.empty();
    idsAskedNanos = System.nanoTime();
    following = true;
    return new Reading.Restored(content);
  }

  /** Reads what has come even when it is woken again and again. */
  private Reading followOn(Duration atMost) {
    try {
      return follow(atMost);
    } catch (WakeupException _) {
      return follow(Duration.ZERO);
    }
  }

  private Reading follow(Duration atMost) {
    var changes = new ArrayList<Change>();
    for (var item : consumer.poll(atMost)) {
      changes.add(change(item));
    }
    if (!changes.isEmpty()) {
      return new Reading.Changes(changes, consumer.position(partition));
    }
    if (!hearing.isHeard()) {
      return new Reading.Unavailable("no broker of " + partition.topic() + " answers");
    }
    if (isKnownToBeAnother()) {
      LOG.info("topic {}: deleted or made anew, restoring", partition.topic());
      following = false;
      return new Reading.Gone("topic " + partition.topic() + " was deleted or made anew");
    }
    return NOTHING;
  }

  /** Asks for the id now and then, without waiting for the answer. */
  private boolean isKnownToBeAnother() {
    var now = System.nanoTime();
    if (askedIds.isEmpty() && now - idsAskedNanos > BETWEEN_ID_CHECKS.toNanos()) {
      idsAskedNanos = now;
      askedIds = Optional.of(admin.requestIds(List.of(partition.topic())));
    }
    var answer = askedIds.filter(TopicAdmin.Ids::arrived);
    if (answer.isEmpty()) {
      return false;
    }
    askedIds = Optional.empty();
    try {
      return answer.get().of(partition.topic()).filter(topicId::equals).isEmpty();
    } catch (KafkaException e) {
      LOG.debug("topic {}: its id is not known", partition.topic(), e);
      return false;
    }
  }

  private static Change change(ConsumerRecord<String, byte[]> item) {
    var origin = item.headers().lastHeader(Transaction.ORIGIN);
    return new Change(
        item.key(),
        Optional.ofNullable(item.value()),
        Optional.ofNullable(origin).map(header -> header.value()),
        item.offset(),
        item.timestamp());
  }

  private static Reading unavailable(String reason, Duration atMost) {
    pause(atMost);
    return new Reading.Unavailable(reason);
  }

  private static void pause(Duration atMost) {
    try {
      Thread.sleep(atMost.compareTo(BETWEEN_TRIES) < 0 ? atMost : BETWEEN_TRIES);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Forgets the position: what comes next is {@link Reading.Restored} again. */
  public void restore() {
    following = false;
  }

  /** Ends a {@link #poll} that waits. */
  public void wakeup() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
