package io.portcullis.agent.guard;

import io.portcullis.json.Json;
import io.portcullis.retry.Outage;
import io.portcullis.topic.KafkaErrors;
import io.portcullis.topic.KafkaSettings;
import io.portcullis.topic.Topics;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.Cancellable;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the progress of the node's shard, from its end on, by a thread of its own: the loop that
 * enforces never waits for it. A stream that fails begins anew after a pause.
 */
public final class HeartbeatReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HeartbeatReader.class);

  /** Another shard of the node is noticed between polls. */
  private static final Duration LONGEST_POLL = Duration.ofSeconds(5);

  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(3);

  private final KafkaSettings settings;
  private final Supplier<OptionalInt> shard;
  private final Runnable heard;
  private final Heartbeats beats = new Heartbeats();
  private final Outage outage = new Outage();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("heartbeat").daemon().factory());
  private final Cancellable stream;
  private volatile Optional<KafkaConsumer<String, byte[]>> open = Optional.empty();
  private volatile boolean closed;

  /**
   * Starts the thread.
   *
   * @param shard that the node's newest marker names; none before the first
   * @param heard is called by the thread after each heartbeat
   */
  public HeartbeatReader(KafkaSettings settings, Supplier<OptionalInt> shard, Runnable heard) {
    this.settings = settings;
    this.shard = shard;
    this.heard = heard;
    this.stream =
        Multi.createFrom()
            .resource(this::open, this::records)
            .withFinalizer((KafkaConsumer<String, byte[]> consumer) -> consumer.close())
            .runSubscriptionOn(thread)
            .onFailure()
            .invoke(this::failed)
            .onFailure()
            .retry()
            .withBackOff(PAUSE, PAUSE)
            .indefinitely()
            .subscribe()
            .with(records -> records.forEach(this::hear));
  }

  /** Returns how often a heartbeat came that differed from the one before. */
  public long changes() {
    return beats.changes();
  }

  /** Returns when the heartbeat last changed; empty before the first change. */
  public Optional<Instant> changed() {
    return Optional.of(beats.changedMicros())
        .filter(micros -> micros > 0)
        .map(micros -> Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
  }

  /** Returns why no heartbeat can be read, as long as that goes on. */
  public Optional<String> trouble() {
    return outage.reason();
  }

  private KafkaConsumer<String, byte[]> open() {
    try {
      var consumer = new KafkaConsumer<String, byte[]>(settings.reader());
      open = Optional.of(consumer);
      return consumer;
    } catch (KafkaException e) {
      throw KafkaErrors.unusable(e);
    }
  }

  private Multi<ConsumerRecords<String, byte[]>> records(KafkaConsumer<String, byte[]> consumer) {
    var follower = new ShardFollower(consumer);
    return Multi.createBy().repeating().supplier(follower::poll).until(_ -> closed);
  }

  /** Follows the shard that the node is of, from the end of its progress on. */
  private final class ShardFollower {
    private final KafkaConsumer<String, byte[]> consumer;
    private OptionalInt followed = OptionalInt.empty();

    private ShardFollower(KafkaConsumer<String, byte[]> consumer) {
      this.consumer = consumer;
    }

    ConsumerRecords<String, byte[]> poll() {
      var wanted = shard.get();
      if (wanted.isEmpty()) {
        pause();
        return ConsumerRecords.empty();
      }
      try {
        if (!followed.equals(wanted)) {
          follow(wanted.getAsInt());
          followed = wanted;
        }
        return consumer.poll(LONGEST_POLL);
      } catch (OffsetOutOfRangeException e) {
        LOG.debug("the progress begins anew", e);
        followed = OptionalInt.empty();
      } catch (WakeupException e) {
        LOG.debug("woken to end", e);
      }
      return ConsumerRecords.empty();
    }

    /** Follows a partition from its end. What was written before is no sign of life. */
    private void follow(int number) {
      var partition = new TopicPartition(Topics.progress().name(), number);
      consumer.assign(List.of(partition));
      consumer.seekToEnd(List.of(partition));
      consumer.position(partition);
    }
  }

  private void failed(Throwable thrown) {
    LOG.debug("the heartbeat", thrown);
    outage.report(
        "the heartbeat cannot be read: "
            + KafkaErrors.reason(thrown, "Read", Set.of(Topics.progress().name())),
        LOG::warn);
  }

  private void hear(ConsumerRecord<String, byte[]> item) {
    if (item.value() == null || !item.key().equals(Integer.toString(item.partition()))) {
      return; // only the shard's own record has a heartbeat
    }
    try {
      var beat = Json.read(item.value(), Heartbeat.class);
      var now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
      beats.heard(item.partition(), beat, now);
      outage.end();
      heard.run();
    } catch (IllegalArgumentException e) {
      failed(e);
    }
  }

  private void pause() {
    try {
      Thread.sleep(closed ? Duration.ZERO : PAUSE);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the stream on its own thread, because a consumer may be closed by no other. */
  @Override
  public void close() {
    closed = true;
    open.ifPresent(KafkaConsumer::wakeup);
    thread.shutdown();
    try {
      if (!thread.awaitTermination(LONGEST_CLOSE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.debug("the reader of the heartbeat still waits for the broker");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    stream.cancel();
  }
}
