package io.portcullis.agent;

import io.portcullis.topic.KafkaSettings;
import io.portcullis.topic.TopicAdmin;
import io.portcullis.topic.TopicFollower;
import io.portcullis.topic.TopicFollower.Reading;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the node's topic by a thread of its own, so that whoever asks never waits for a broker. At
 * most one question is on its way. One thread asks.
 */
final class Readings implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Readings.class);
  private static final Duration LONGEST_POLL = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final KafkaSettings kafka;
  private final String topic;
  private final ExecutorService reader =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("reader").daemon().factory());
  private Optional<Future<Reading>> asked = Optional.empty();
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

  Readings(KafkaSettings kafka, String topic) {
    this.kafka = kafka;
    this.topic = topic;
  }

  /**
   * What came next, if it came within the time.
   *
   * @throws RuntimeException what the reader met and did not expect
   */
  Optional<Reading> next(Duration atMost) {
    var answer = asked.orElseGet(this::ask);
    asked = Optional.of(answer);
    try {
      var reading = answer.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
      asked = Optional.empty();
      var isOfBefore = isStale;
      isStale = false;
      return Optional.of(reading).filter(_ -> !isOfBefore);
    } catch (TimeoutException _) {
      return Optional.empty();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException known
          ? known
          : new IllegalStateException(e.getCause());
    }
  }

  private Future<Reading> ask() {
    var fromTheBeginning = restore;
    restore = false;
    return reader.submit(() -> read(fromTheBeginning));
  }

  /** What comes next is all that the topic holds; what is on its way is forgotten. */
  void restore() {
    restore = true;
    isStale = asked.isPresent();
  }

  private Reading read(boolean fromTheBeginning) throws InterruptedException {
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
      TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
      return new Reading.Unavailable(e.getMessage());
    }
  }

  private Source open() {
    var admin = new TopicAdmin(kafka);
    try {
      return new Source(admin, new TopicFollower(kafka, admin, topic));
    } catch (KafkaException e) {
      admin.close();
      throw e;
    }
  }

  private void closeSource() {
    source.ifPresent(Source::close);
    source = Optional.empty();
  }

  @Override
  public void close() {
    reader.submit(this::closeSource);
    reader.shutdown();
    try {
      if (!reader.awaitTermination(PAUSE.multipliedBy(2).toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.debug("the reader of {} still waits for the broker", topic);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
