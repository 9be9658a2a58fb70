package io.portcullis.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.topic.TopicFollower.Reading;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A broker that hangs, is killed, and loses its disk. */
@Execution(ExecutionMode.CONCURRENT)
class BrokerLossTest {
  private static final Duration POLL = Duration.ofMillis(100);

  /** Longer than a request's time-out, after which the client connects anew. */
  private static final Duration HANGS = Duration.ofSeconds(8);

  @Test
  void theOwnerGoesOnAfterTheBrokerWasKilledAndAfterItLostAll() throws Exception {
    try (var broker = new TestBroker();
        var writers = new CountingWriters(broker)) {
      writers.start("never");
      writers.awaitProgress();
      broker.kill();
      broker.start();
      writers.awaitProgress();
      writers.assertCounted();
      broker.kill();
      broker.wipe();
      broker.start();
      writers.awaitProgress();
      writers.assertCounted();
    }
  }

  /** Its clock goes by polls: how long the machine takes between two of them is no silence. */
  @Test
  void aReaderOfABrokerThatHangsSaysSoOnceAndForAsLongAsItHangs() {
    var topic = new TopicSpec("followed", 1, Map.of());
    var clock = new AtomicLong();
    try (var broker = new TestBroker();
        var admin = new TopicAdmin(broker.patient());
        var follower =
            new TopicFollower(
                new KafkaSettings(broker.settings()),
                admin,
                new TopicPartition(topic.name(), 0),
                () -> clock.addAndGet(POLL.toNanos()))) {
      admin.ensure(List.of(topic));
      Readings.await(follower, Reading.Restored.class);
      broker.hang();
      Readings.await(follower, Reading.Unavailable.class);
      for (var polls = 0; polls < HANGS.dividedBy(POLL); polls++) {
        assertThat(follower.poll(POLL)).isInstanceOf(Reading.Unavailable.class);
      }
      broker.goOn();
      Readings.await(follower, Reading.Nothing.class);
    }
  }
}
