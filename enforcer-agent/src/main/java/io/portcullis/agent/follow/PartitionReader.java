package io.portcullis.agent.follow;

import io.portcullis.topic.KafkaErrors;
import io.portcullis.topic.KafkaSettings;
import io.portcullis.topic.TopicAdmin;
import io.portcullis.topic.TopicFollower;
import io.portcullis.topic.TopicFollower.Reading;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a partition by a thread of its own, so that whoever asks never waits for a broker. At most
 * one read is under way. One thread asks.
 */
final class PartitionReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PartitionReader.class);

  /** A broker that is away is noticed only between polls. */
  private static final Duration LONGEST_POLL = Duration.ofSeconds(2);

  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final KafkaSettings kafka;
  private final String topic;
  private final int partition;
  private final Runnable arrived;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("reader").daemon().factory());
  private Optional<CompletableFuture<Reading>> pending = Optional.empty();
  private boolean isStale;
  private boolean restore;

  /** What is open; the reader's thread opens and closes it. */
  private volatile Optional<Source> source = Optional.empty();

  private record Source(TopicAdmin admin, TopicFollower follower) {
    void close() {
      follower.close();
      admin.close();
    }
  }

  /**
   * Reads nothing yet.
   *
   * @param arrived is called by the reader's thread when a read ends
   */
  PartitionReader(KafkaSettings kafka, String topic, int partition, Runnable arrived) {
    this.kafka = kafka;
    this.topic = topic;
    this.partition = partition;
    this.arrived = arrived;
  }

  /** Begins a read, unless one is under way or waits to be taken. */
  void read() {
    if (pending.isPresent()) {
      return;
    }
    var fromTheBeginning = restore;
    restore = false;
    var read = CompletableFuture.supplyAsync(() -> read(fromTheBeginning), thread);
    pending = Optional.of(read);
    read.whenComplete((_, _) -> arrived.run());
  }

  /**
   * Takes what was read, if a read has ended.
   *
   * @throws RuntimeException what the reader met and did not expect
   */
  Optional<Reading> take() {
    var ended = pending.filter(CompletableFuture::isDone);
    if (ended.isEmpty()) {
      return Optional.empty();
    }
    var isOfBefore = isStale;
    pending = Optional.empty();
    isStale = false;
    try {
      return ended.map(CompletableFuture::join).filter(_ -> !isOfBefore);
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException known
          ? known
          : new IllegalStateException(e.getCause());
    }
  }

  /** Makes the next reading all that the topic holds; a read that is under way is dropped. */
  void restore() {
    restore = true;
    isStale = pending.isPresent();
    wake();
  }

  private void wake() {
    source.ifPresent(open -> open.follower().wakeup());
  }

  private Reading read(boolean fromTheBeginning) {
    try {
      if (source.isEmpty()) {
        source = Optional.of(open());
      }
      var follower = source.get().follower();
      if (fromTheBeginning) {
        follower.restore();
      }
      return follower.poll(LONGEST_POLL);
    } catch (KafkaException e) {
      LOG.debug("topic {}", topic, e);
      closeSource();
      pause();
      return new Reading.Unavailable(KafkaErrors.reason(e, "Read", Set.of(topic)));
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private Source open() {
    var admin = new TopicAdmin(kafka);
    try {
      return new Source(admin, new TopicFollower(kafka, admin, topic, partition));
    } catch (KafkaException e) {
      admin.close();
      throw e;
    }
  }

  private void closeSource() {
    source.ifPresent(Source::close);
    source = Optional.empty();
  }

  /** Stops reading, and waits for nothing. */
  void end() {
    thread.submit(this::closeSource);
    thread.shutdown();
    wake();
  }

  /** Stops reading, and waits a little until the connections are closed. */
  @Override
  public void close() {
    end();
    try {
      if (!thread.awaitTermination(PAUSE.multipliedBy(2).toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.debug("the reader of {} still waits for the broker", topic);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
