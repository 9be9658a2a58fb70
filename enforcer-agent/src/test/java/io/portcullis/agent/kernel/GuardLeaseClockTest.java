package io.portcullis.agent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.nft.GuardLease;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is left of the guard, and which of its sets is renewed. */
class GuardLeaseClockTest {
  private static final GuardLease TEN = new GuardLease.For(Duration.ofSeconds(10));

  private final AtomicLong nanos = new AtomicLong(-5);
  private final GuardLeaseClock keeper = new GuardLeaseClock(nanos::get);

  private void later(int seconds) {
    nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }

  @Test
  void whatIsLeftShrinksAndThenItIsOpen() {
    assertThat(keeper.openFor()).isEmpty();
    keeper.held(TEN);
    later(4);
    assertThat(keeper.lease()).isEqualTo(new GuardLease.For(Duration.ofSeconds(6)));
    assertThat(keeper.openFor()).isEmpty();
    assertThat(keeper.all("t"))
        .contains("element inet t guard_0 { ipv4 timeout 6000ms", "element inet t guard_1 { ipv4");
    later(9);
    assertThat(keeper.lease()).isEqualTo(GuardLease.NONE);
    assertThat(keeper.openFor()).contains(Duration.ofSeconds(3));
    assertThat(keeper.all("t")).isEmpty();
  }

  @Test
  void theFirstThatIsFoundIsBelievedAndLaterOnesWhereItShouldStandForEver() {
    keeper.found(TEN);
    keeper.found(GuardLease.EVER);
    assertThat(keeper.lease()).isEqualTo(TEN);
    keeper.held(GuardLease.EVER);
    keeper.found(GuardLease.NONE);
    assertThat(keeper.lease()).isEqualTo(GuardLease.NONE);
  }

  @Test
  void oneSetIsRenewedWhileTheOtherStands() {
    keeper.held(TEN);
    var first = keeper.next("t", TEN);
    var second = keeper.next("t", TEN);
    assertThat(first).contains("flush set inet t guard_1").doesNotContain("guard_0");
    assertThat(second).contains("flush set inet t guard_0").doesNotContain("guard_1");
    keeper.held(GuardLease.EVER);
    assertThat(keeper.next("t", TEN))
        .contains("flush set inet t guard_0", "flush set inet t guard_1");
  }
}
