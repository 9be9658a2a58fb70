package io.portcullis.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.topic.TopicFollower.Reading;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A broker that hangs, is killed, and loses its disk. */
@Execution(ExecutionMode.CONCURRENT)
class BrokerLossTest {
  private static final Duration POLL = Duration.ofMillis(100);

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

  @Test
  void aReaderOfABrokerThatHangsSaysSoOnceAndForAsLongAsItHangs() throws Exception {
    var topic = new TopicSpec("followed", 1, Map.of());
    try (var broker = new TestBroker();
        var admin = new TopicAdmin(new KafkaSettings(broker.settings()))) {
      admin.ensure(List.of(topic));
      try (var follower =
          new TopicFollower(new KafkaSettings(broker.settings()), admin, topic.name())) {
        await(follower, Reading.Restored.class);
        broker.hang();
        await(follower, Reading.Unavailable.class);
        var end = System.nanoTime() + Duration.ofSeconds(8).toNanos();
        while (System.nanoTime() < end) {
          assertThat(follower.poll(POLL)).isInstanceOf(Reading.Unavailable.class);
        }
        broker.goOn();
        await(follower, Reading.Nothing.class);
      }
    }
  }

  private static void await(TopicFollower follower, Class<? extends Reading> wanted) {
    var end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    var seen = new LinkedHashSet<Reading>();
    while (System.nanoTime() < end) {
      var reading = follower.poll(POLL);
      if (wanted.isInstance(reading)) {
        return;
      }
      seen.add(reading);
    }
    throw new AssertionError("only came: " + seen);
  }
}
