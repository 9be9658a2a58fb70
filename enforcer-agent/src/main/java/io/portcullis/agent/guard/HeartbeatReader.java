package io.portcullis.agent.guard;

import io.portcullis.json.Json;
import io.portcullis.retry.Outage;
import io.portcullis.topic.KafkaErrors;
import io.portcullis.topic.KafkaSettings;
import io.portcullis.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the progress of the shard that the node is of, from its end on, on a thread of its own: the
 * loop that enforces never waits for it.
 */
public final class HeartbeatReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HeartbeatReader.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(3);

  private final KafkaSettings settings;
  private final Supplier<OptionalInt> shard;
  private final Heartbeats beats = new Heartbeats();
  private final Thread thread;
  private final Outage outage = new Outage();
  private volatile boolean closed;

  /**
   * Starts the thread.
   *
   * @param shard that the node's newest marker names; none before the first
   */
  public HeartbeatReader(KafkaSettings settings, Supplier<OptionalInt> shard) {
    this.settings = settings;
    this.shard = shard;
    this.thread = Thread.ofPlatform().name("heartbeat").daemon().start(this::run);
  }

  /** How often a beat came that differed from the one before. */
  public long changes() {
    return beats.changes();
  }

  /** When that was last; none before the first. */
  public Optional<Instant> changed() {
    return Optional.of(beats.changedMicros())
        .filter(micros -> micros > 0)
        .map(micros -> Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
  }

  /** Why no beat can be read, as long as that goes on. */
  public Optional<String> trouble() {
    return outage.reason();
  }

  private void run() {
    while (!closed) {
      try (var consumer = open()) {
        read(consumer);
      } catch (RuntimeException e) {
        failed(e);
      }
      pause();
    }
  }

  private KafkaConsumer<String, byte[]> open() {
    try {
      return new KafkaConsumer<>(settings.reader());
    } catch (KafkaException e) {
      throw KafkaErrors.unusable(e);
    }
  }

  private void failed(RuntimeException e) {
    LOG.debug("the heartbeat", e);
    outage.report(
        "the heartbeat cannot be read: "
            + KafkaErrors.reason(e, "Read", Set.of(Topics.progress().name())),
        LOG::warn);
  }

  private void read(KafkaConsumer<String, byte[]> consumer) {
    var followed = OptionalInt.empty();
    while (!closed) {
      var wanted = shard.get();
      if (wanted.isEmpty()) {
        pause();
        continue;
      }
      try {
        if (!followed.equals(wanted)) {
          follow(consumer, wanted.getAsInt());
          followed = wanted;
        }
        for (var item : consumer.poll(POLL)) {
          heard(item);
        }
      } catch (OffsetOutOfRangeException e) {
        LOG.debug("the progress begins anew", e);
        followed = OptionalInt.empty();
      } catch (WakeupException e) {
        LOG.debug("woken to end", e);
      } catch (KafkaException e) {
        failed(e);
        followed = OptionalInt.empty();
        pause();
      }
    }
  }

  /** What was written before is no sign of life. */
  private static void follow(KafkaConsumer<String, byte[]> consumer, int shard) {
    var partition = new TopicPartition(Topics.progress().name(), shard);
    consumer.assign(List.of(partition));
    consumer.seekToEnd(List.of(partition));
    consumer.position(partition);
  }

  private void heard(ConsumerRecord<String, byte[]> item) {
    if (item.value() == null || !item.key().equals(Integer.toString(item.partition()))) {
      return; // the shard's own record alone has a beat
    }
    try {
      var beat = Json.read(item.value(), Heartbeat.class);
      var now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
      beats.heard(item.partition(), beat, now);
      outage.end();
    } catch (IllegalArgumentException e) {
      failed(e);
    }
  }

  private void pause() {
    if (closed) {
      return;
    }
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(LONGEST_CLOSE);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
