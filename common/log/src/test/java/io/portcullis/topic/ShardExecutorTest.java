package io.portcullis.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ShardExecutorTest {
  private final AtomicLong nanos = new AtomicLong();
  private final ShardExecutor background =
      ShardExecutor.threads(1, 1, 2, 100, () -> {}, nanos::get);

  @Test
  void soManyTransactionsAreUnderWayAtOnce() {
    var first = background.writes(1);
    assertThat(background.mayWrite()).isTrue();
    background.writes(1);
    assertThat(background.mayWrite()).isFalse();
    background.wrote(first);
    assertThat(background.mayWrite()).isTrue();
  }

  @Test
  void whatWaitsForABrokerHoldsUpNoOther() {
    background.writes(1);
    background.writes(1);
    assertThat(background.mayWrite()).isFalse();
    nanos.addAndGet(Duration.ofMillis(2_100).toNanos());
    assertThat(background.mayWrite()).isTrue();
  }

  @Test
  void topicsOfAllTransactionsAreCounted() {
    background.writes(100);
    assertThat(background.mayWrite()).isFalse();
    nanos.addAndGet(Duration.ofMillis(2_100).toNanos());
    assertThat(background.mayWrite()).isFalse();
  }
}
