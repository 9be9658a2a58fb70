package io.portcullis.topic;

import static io.portcullis.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.Patience;
import io.portcullis.topic.ShardReconciler.Step;
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

  @Test
  void aBrokerThatDoesNotTellOfTopicsInTimeMakesNobodyRestoreThem() {
    var content = new OneValue("untold", 0);
    var shards = new TopicSpec("untold.shards", 1, Map.of());
    try (var broker = new TestBroker();
        var patient = new TopicAdmin(broker.patient());
        var admin = new TopicAdmin(broker.patient().withLongestCall(Duration.ofSeconds(1)));
        var ownership =
            new Ownership(member(broker), patient, "untold", shards, Patience.LIMIT, () -> {})) {
      await().until(() -> ownership.snapshot().owns(0));
      var group = new ShardGroup(broker.patient(), admin, ownership, ShardExecutor.none());
      try (var shard = new ShardReconciler(group, new Shard(shards, 0, "untold"), content)) {
        await().until(() -> shard.step() == Step.WRITTEN);
        content.enough = true;
        await().until(() -> shard.step() == Step.EQUAL);
        var restored = content.topicIds().size();
        broker.hang();
        var questions = group.ids().questions();
        await("a question that is asked after one without an answer")
            .until(
                () -> {
                  shard.step();
                  return group.ids().questions() > questions + 1;
                });
        broker.goOn();
        content.enough = false;
        await().until(() -> shard.step() == Step.WRITTEN);
        assertThat(content.topicIds()).hasSize(restored);
      }
    }
  }

  private static KafkaSettings member(TestBroker broker) {
    return broker.patient(Map.of("session.timeout.ms", 60_000));
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
