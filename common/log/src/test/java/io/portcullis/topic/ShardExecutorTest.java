package io.portcullis.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardExecutorTest {
  private static final Duration QUICK = Duration.ofMillis(20);
  private static final Duration SLOW = Duration.ofMillis(1_100);
  private static final Duration HANGS = Duration.ofMillis(2_100);

  private final AtomicLong nanos = new AtomicLong();

  @Test
  void soManyTransactionsAreUnderWayAtOnce() throws Exception {
    var executor = executor(2, 100);
    var first = begin(executor, 1);
    assertThat(executor.mayWrite()).isTrue();
    begin(executor, 1);
    assertThat(executor.mayWrite()).isFalse();
    first.call();
    assertThat(executor.mayWrite()).isTrue();
  }

  @Test
  void whatWaitsForABrokerHoldsUpNoOther() {
    var executor = executor(2, 100);
    begin(executor, 1);
    begin(executor, 1);
    assertThat(executor.mayWrite()).isFalse();
    pass(HANGS);
    assertThat(executor.mayWrite()).isTrue();
  }

  @Test
  void topicsOfAllTransactionsAreCounted() {
    var executor = executor(2, 100);
    begin(executor, 100);
    assertThat(executor.mayWrite()).isFalse();
    pass(HANGS);
    assertThat(executor.mayWrite()).isFalse();
  }

  @Test
  void slowTransactionsLeaveFewerUnderWay() throws Exception {
    var executor = executor(8, 400);
    for (var round = 0; round < 4; round++) {
      var transaction = begin(executor, 1);
      pass(SLOW);
      transaction.call();
    }
    assertThat(underWay(executor)).isEqualTo(1);
    assertThat(executor.isOverloaded()).isTrue();
  }

  @Test
  void transactionsThatAreSlowTogetherCountOnce() throws Exception {
    var executor = executor(8, 400);
    var together = IntStream.range(0, 8).mapToObj(_ -> begin(executor, 1)).toList();
    pass(SLOW);
    for (var transaction : together) {
      transaction.call();
    }
    assertThat(underWay(executor)).isEqualTo(4);
  }

  @Test
  void allSlowTransactionsCountHoweverLongTheyTake() throws Exception {
    var executor = executor(2, 400);
    for (var round = 0; round < 20; round++) {
      var transaction = begin(executor, 1);
      pass(HANGS);
      transaction.call();
    }
    begin(executor, 1);
    pass(HANGS);
    assertThat(executor.mayWrite()).as("two seconds are usual here").isFalse();
  }

  @Test
  void quickTransactionsLetMoreBeUnderWayAgain() throws Exception {
    var executor = executor(8, 400);
    slowDown(executor);
    for (var round = 0; round < 16; round++) {
      var transaction = begin(executor, 1);
      pass(QUICK);
      transaction.call();
    }
    assertThat(executor.isOverloaded()).isFalse();
    assertThat(underWay(executor)).isEqualTo(8);
  }

  @Test
  void anOverloadOfWhichNothingIsHeardIsOver() throws Exception {
    var executor = executor(8, 400);
    slowDown(executor);
    pass(Duration.ofSeconds(31));
    assertThat(executor.isOverloaded()).isFalse();
  }

  @Test
  void soManyShardsAreTakenOverAtOnceAndFewerWhileBrokersAreSlow() throws Exception {
    var executor = executor(8, 400);
    assertThat(takeOvers(executor)).isEqualTo(4);
    var slow = executor(8, 400);
    slowDown(slow);
    assertThat(takeOvers(slow)).isEqualTo(1);
  }

  private ShardExecutor executor(int transactions, int written) {
    var limits = new ShardExecutor.Limits(1, 4, 1, transactions, written);
    return ShardExecutor.threads(limits, () -> {}, nanos::get);
  }

  private static Callable<Boolean> begin(ShardExecutor executor, int topics) {
    return executor.writing(topics, () -> true);
  }

  private void slowDown(ShardExecutor executor) throws Exception {
    for (var round = 0; round < 3; round++) {
      var transaction = begin(executor, 1);
      pass(SLOW);
      transaction.call();
    }
  }

  private static int underWay(ShardExecutor executor) {
    var begun = 0;
    while (executor.mayWrite()) {
      begin(executor, 1);
      begun++;
    }
    return begun;
  }

  private static int takeOvers(ShardExecutor executor) throws Exception {
    var begun = 0;
    while (executor.mayTakeOver()) {
      executor.takingOver(() -> true);
      begun++;
    }
    return begun;
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
