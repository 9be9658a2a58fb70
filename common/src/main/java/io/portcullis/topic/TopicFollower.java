package io.portcullis.topic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the committed records of a compacted topic of one partition: restores it to its end, then
 * tells changes. It never makes the topic, and heals by itself when the topic or the broker was
 * away. A topic that was made anew is noticed here only where the position is gone; readers compare
 * the id in each marker and call {@link #restore}.
 *
 * <pre>
 *   restoring --Restored--> following --position gone, restore()--> restoring
 *      |  ^                     |
 *      +--+ Unavailable         +-- Changes, Nothing, Unavailable
 * </pre>
 *
 * <p>One thread uses it; {@link #wakeup} may be called from any.
 */
public final class TopicFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TopicFollower.class);
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);

  /** What came. */
  public sealed interface Reading {
    /** Nothing within the time. */
    record Nothing() implements Reading {}

    /** The topic is missing or the broker does not answer: keep what you have. */
    record Unavailable(String reason) implements Reading {}

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
  private boolean following;

  public TopicFollower(KafkaSettings settings, TopicAdmin admin, String topic) {
    this.partition = new TopicPartition(topic, 0);
    this.admin = admin;
    this.consumer = new KafkaConsumer<>(settings.reader());
  }

  /** Waits for the next thing, at most so long; less when {@link #wakeup} is called. */
  public Reading poll(Duration atMost) {
    try {
      return following ? follow(atMost) : begin(atMost);
    } catch (WakeupException _) {
      return NOTHING;
    } catch (OffsetOutOfRangeException e) {
      LOG.info("topic {}: position is gone, restoring", partition.topic());
      LOG.debug("topic {}", partition.topic(), e);
      following = false;
      return NOTHING;
    } catch (KafkaException e) {
      LOG.debug("topic {}", partition.topic(), e);
      return unavailable(e.getMessage(), atMost);
    }
  }

  private Reading begin(Duration atMost) {
    var restored = TopicRestore.restore(consumer, admin, Set.of(partition), () -> {});
    if (restored.isEmpty()) {
      return unavailable("topic " + partition.topic() + " does not exist", atMost);
    }
    following = true;
    return new Reading.Restored(restored.get(partition));
  }

  private Reading follow(Duration atMost) {
    var changes = new ArrayList<Change>();
    for (var item : consumer.poll(atMost)) {
      changes.add(change(item));
    }
    if (!changes.isEmpty()) {
      return new Reading.Changes(changes, consumer.position(partition));
    }
    return Connections.any(consumer)
        ? NOTHING
        : new Reading.Unavailable("no connection to a broker of " + partition.topic());
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

  private Reading unavailable(String reason, Duration atMost) {
    try {
      Thread.sleep(atMost.compareTo(BETWEEN_TRIES) < 0 ? atMost : BETWEEN_TRIES);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return new Reading.Unavailable(reason);
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
