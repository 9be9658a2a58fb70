package io.portcullis.agent.report;

import io.portcullis.json.Json;
import io.portcullis.retry.Outage;
import io.portcullis.ruleset.Applied;
import io.portcullis.topic.KafkaErrors;
import io.portcullis.topic.KafkaSettings;
import io.portcullis.topic.TopicAdmin;
import io.portcullis.topic.TopicSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes answers by a thread of its own. One answer waits at most; a newer one takes its place, so
 * a broker that is away costs no memory. Why answers are not taken is said once.
 *
 * <pre>
 *   opening --topic is there--> waiting --answer--> writing --acknowledged--> waiting
 *      ^                                               |
 *      +---------------- after a pause ----------------+ failed (the answer waits again)
 * </pre>
 */
public final class Reporter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Reporter.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(1);

  private final KafkaSettings kafka;
  private final TopicSpec topic;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Thread thread;
  private Optional<Applied> waiting = Optional.empty();
  private final Outage outage = new Outage();

  /**
   * Starts with nothing to say.
   *
   * @param topic of this node's answers; it is made where it is missing
   */
  public Reporter(KafkaSettings kafka, TopicSpec topic) {
    this.kafka = kafka;
    this.topic = topic;
    this.thread = Thread.ofPlatform().name("reporter").daemon().start(this::run);
  }

  /** Says this instead of what was not yet said; returns at once. */
  public void report(Applied answer) {
    lock.lock();
    try {
      waiting = Optional.of(answer);
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Returns why answers are not taken now. */
  public Optional<String> trouble() {
    return outage.reason();
  }

  private void run() {
    try {
      while (true) {
        openAndWrite();
        TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
      }
    } catch (InterruptedException _) {
      LOG.debug("closed");
    }
  }

  /** Ends when the broker does not take an answer. */
  private void openAndWrite() throws InterruptedException {
    try {
      makeTopic();
      writeAll();
    } catch (ExecutionException e) {
      failed(e.getCause());
    } catch (RuntimeException e) { // also Kafka's own; without this thread nothing is ever answered
      failed(e);
    }
  }

  private void failed(Throwable thrown) {
    LOG.debug("topic {}", topic.name(), thrown);
    outage.report(
        KafkaErrors.reason(thrown, "Write", List.of(topic.name())),
        why -> LOG.warn("topic {} cannot be written, trying again: {}", topic.name(), why));
  }

  private void makeTopic() {
    try (var admin = new TopicAdmin(kafka)) {
      admin.ensure(List.of(topic));
    }
  }

  private void writeAll() throws InterruptedException, ExecutionException {
    var producer = new KafkaProducer<String, byte[]>(kafka.producer());
    try {
      while (true) {
        write(producer);
        outage.end();
      }
    } finally {
      producer.close(LONGEST_CLOSE);
    }
  }

  private void write(KafkaProducer<String, byte[]> producer)
      throws InterruptedException, ExecutionException {
    var answer = next();
    var written = false;
    try {
      producer.send(new ProducerRecord<>(topic.name(), answer.node(), Json.bytes(answer))).get();
      written = true;
    } finally {
      if (!written) {
        putBack(answer);
      }
    }
  }

  private Applied next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty()) {
        arrived.await();
      }
      var answer = waiting.get();
      waiting = Optional.empty();
      return answer;
    } finally {
      lock.unlock();
    }
  }

  private void putBack(Applied answer) {
    lock.lock();
    try {
      if (waiting.isEmpty()) {
        waiting = Optional.of(answer);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(LONGEST_CLOSE.multipliedBy(3));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
