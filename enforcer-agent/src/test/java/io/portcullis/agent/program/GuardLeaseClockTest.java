package io.portcullis.agent.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.nft.Edit;
import io.portcullis.nft.GuardLease;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is left of the guard, and which of its sets is renewed. */
class GuardLeaseClockTest {
  private static final GuardLease TEN = new GuardLease.For(Duration.ofSeconds(10));

  private final AtomicLong nanos = new AtomicLong(-5);
  private final GuardLeaseClock clock = new GuardLeaseClock(nanos::get);

  private void later(int seconds) {
    nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }

  @Test
  void whatIsLeftShrinksAndThenItIsOpen() {
    assertThat(clock.openFor()).isEmpty();
    clock.held(TEN);
    later(4);
    assertThat(clock.lease()).isEqualTo(new GuardLease.For(Duration.ofSeconds(6)));
    assertThat(clock.openFor()).isEmpty();
    var left = new GuardLease.For(Duration.ofSeconds(6));
    assertThat(GuardLeaseClock.ofNewTable(clock.lease()))
        .containsExactly(new Edit.SetGuard(0, left), new Edit.SetGuard(1, left));
    later(9);
    assertThat(clock.lease()).isEqualTo(GuardLease.NONE);
    assertThat(clock.openFor()).contains(Duration.ofSeconds(3));
    assertThat(GuardLeaseClock.ofNewTable(clock.lease())).isEmpty();
  }

  @Test
  void theFirstThatIsFoundIsBelievedAndLaterOnesWhereItShouldStandForEver() {
    clock.found(TEN);
    clock.found(GuardLease.EVER);
    assertThat(clock.lease()).isEqualTo(TEN);
    clock.held(GuardLease.EVER);
    clock.found(GuardLease.NONE);
    assertThat(clock.lease()).isEqualTo(GuardLease.NONE);
  }

  @Test
  void oneSetIsRenewedWhileTheOtherStands() {
    clock.held(TEN);
    assertThat(clock.renew(TEN)).containsExactly(new Edit.SetGuard(1, TEN));
    assertThat(clock.renew(TEN)).containsExactly(new Edit.SetGuard(0, TEN));
    clock.held(GuardLease.EVER);
    assertThat(clock.renew(TEN))
        .containsExactly(new Edit.SetGuard(0, TEN), new Edit.SetGuard(1, TEN));
  }
}
