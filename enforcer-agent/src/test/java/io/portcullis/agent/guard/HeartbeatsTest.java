package io.portcullis.agent.guard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What counts as a sign of life. */
class HeartbeatsTest {
  private final Heartbeats beats = new Heartbeats();

  private long after(int shard, String topicId, long micros) {
    beats.heard(shard, new Heartbeat(topicId, micros), 77);
    return beats.changes();
  }

  @Test
  void aRecordThatComesIsNoneButAnotherBeatIsWhicheverIsGreater() {
    assertThat(after(3, "a", 100)).as("it may be an old one").isZero();
    assertThat(after(3, "a", 100)).as("a compiler without a watcher").isZero();
    assertThat(beats.changedMicros()).isZero();
    assertThat(after(3, "a", 105)).isEqualTo(1);
    assertThat(after(3, "a", 50)).as("a watcher with another clock").isEqualTo(2);
    assertThat(after(3, "b", 50)).as("the cluster topic made anew").isEqualTo(3);
    assertThat(beats.changedMicros()).isEqualTo(77);
  }

  @Test
  void theFirstOfAnotherShardIsNone() {
    after(3, "a", 100);
    assertThat(after(4, "a", 200)).isZero();
    assertThat(after(4, "a", 205)).isEqualTo(1);
  }
}
