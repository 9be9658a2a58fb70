package io.portcullis.agent.follow;

import io.portcullis.topic.KafkaErrors;
import io.portcullis.topic.KafkaSettings;
import io.portcullis.topic.TopicAdmin;
import io.portcullis.topic.TopicFollower;
import io.portcullis.topic.TopicFollower.Reading;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a partition by a thread of its own, so that whoever asks never waits for a broker. At most
 * one question is on its way. One thread asks.
 */
public final class PartitionReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PartitionReader.class);
  private static final Duration LONGEST_POLL = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final KafkaSettings kafka;
  private final String topic;
  private final int partition;
  private final ExecutorService reader =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("reader").daemon().factory());
  private Optional<CompletableFuture<Reading>> asked = Optional.empty();
  private boolean isStale;
  private boolean restore;
  private Optional<Source> source = Optional.empty();

  /** What is open; the reader's thread has it. */
  private record Source(TopicAdmin admin, TopicFollower follower) {
    void close() {
      follower.close();
      admin.close();
    }
  }

  public PartitionReader(KafkaSettings kafka, String topic, int partition) {
    this.kafka = kafka;
    this.topic = topic;
    this.partition = partition;
  }

  /** Waits until one of them has something, at most so long. */
  public static void await(Collection<PartitionReader> readings, Duration atMost) {
    var answers =
        readings.stream().map(PartitionReader::asked).toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.anyOf(answers).get(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException _) {
      // whoever takes it is told
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * What came next, if it is there.
   *
   * @throws RuntimeException what the reader met and did not expect
   */
  public Optional<Reading> take() {
    if (!asked().isDone()) {
      return Optional.empty();
    }
    var answer = asked();
    asked = Optional.empty();
    var isOfBefore = isStale;
    isStale = false;
    try {
      return Optional.of(answer.join()).filter(_ -> !isOfBefore);
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException known
          ? known
          : new IllegalStateException(e.getCause());
    }
  }

  private CompletableFuture<Reading> asked() {
    if (asked.isEmpty()) {
      var fromTheBeginning = restore;
      restore = false;
      asked = Optional.of(CompletableFuture.supplyAsync(() -> read(fromTheBeginning), reader));
    }
    return asked.get();
  }

  /** What comes next is all that the topic holds; what is on its way is forgotten. */
  public void restore() {
    restore = true;
    isStale = asked.isPresent();
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
  public void end() {
    reader.submit(this::closeSource);
    reader.shutdown();
  }

  @Override
  public void close() {
    end();
    try {
      if (!reader.awaitTermination(PAUSE.multipliedBy(2).toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.debug("the reader of {} still waits for the broker", topic);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
