package io.portcullis.topic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BackgroundTest {
  private final Background background = Background.threads(1, 1, 2, 100, () -> {});

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
  void whatWaitsForABrokerHoldsUpNoOther() throws InterruptedException {
    background.writes(1);
    background.writes(1);
    assertThat(background.mayWrite()).isFalse();
    Thread.sleep(2_100);
    assertThat(background.mayWrite()).isTrue();
  }

  @Test
  void topicsOfAllTransactionsAreCounted() throws InterruptedException {
    background.writes(100);
    assertThat(background.mayWrite()).isFalse();
    Thread.sleep(2_100);
    assertThat(background.mayWrite()).isFalse();
  }
}
