package io.portcullis.agent.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ReadBackScheduleTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final ReadBackSchedule looks = new ReadBackSchedule();

  @Test
  void theFirstLookIsDueAtOnce() {
    assertThat(looks.isDue(generation(7), -SECOND)).isTrue();
  }

  @Test
  void nothingIsDueForAnHourWhileNobodyChangesAnything() {
    looks.looked(generation(7), 0, SECOND);
    assertThat(looks.isDue(generation(7), 3_600 * SECOND)).isFalse();
    assertThat(looks.isDue(generation(7), 3_601 * SECOND)).isTrue();
  }

  @Test
  void aChangeAfterAShortLookIsLookedAtAtOnce() {
    looks.looked(generation(7), 0, SECOND / 2);
    assertThat(looks.isDue(generation(8), SECOND / 2)).isTrue();
  }

  @Test
  void looksThatTookMoreThanTheirShareWait() {
    looks.looked(generation(7), 0, 2 * SECOND);
    assertThat(looks.isDue(generation(8), 11 * SECOND)).isFalse();
    assertThat(looks.isDue(generation(8), 12 * SECOND)).isTrue();
  }

  @Test
  void looksThatNeverEndTakeATenthOfTheTime() {
    var spent = 0L;
    for (var now = 0L; now < 1_000 * SECOND; now += SECOND / 10) {
      if (looks.isDue(OptionalLong.empty(), now)) {
        looks.looked(OptionalLong.empty(), now, now + SECOND / 5);
        spent += SECOND / 5;
        now += SECOND / 5;
      }
    }
    assertThat(spent).isBetween(95 * SECOND, 105 * SECOND);
  }

  @Test
  void transactionsOfOurOwnAreNoReason() {
    looks.looked(generation(7), 0, 0);
    looks.committed(generation(7), 3);
    assertThat(looks.isDue(generation(10), SECOND)).isFalse();
    assertThat(looks.isDue(generation(11), SECOND)).isTrue();
  }

  @Test
  void transactionsOfOurOwnDoNotHideWhatWasNotLookedAt() {
    looks.looked(generation(7), 0, 0);
    looks.committed(generation(8), 3);
    assertThat(looks.isDue(generation(11), SECOND)).isTrue();
  }

  @Test
  void whatIsForgottenIsLookedAt() {
    looks.looked(generation(7), 0, SECOND);
    looks.forget();
    assertThat(looks.isDue(generation(7), SECOND)).isTrue();
  }

  @Test
  void repairsAndLooksTogetherTakeATenthOfTheTime() {
    var spent = 0L;
    var moved = 0L;
    for (var now = 0L; now < 1_000 * SECOND; now += SECOND / 10) {
      if (looks.isDue(generation(++moved), now)) {
        looks.looked(generation(moved), now, now + SECOND / 10);
        now += SECOND / 10;
        looks.repaired(now, now + SECOND / 10);
        now += SECOND / 10;
        spent += SECOND / 5;
      }
    }
    assertThat(spent).isBetween(95 * SECOND, 105 * SECOND);
  }

  @Test
  void theRestEndsWhenALookIsDueAgain() {
    assertThat(looks.rest(0)).isZero();
    looks.looked(generation(7), 0, 2 * SECOND);
    var rest = looks.rest(3 * SECOND).toNanos();
    assertThat(looks.isDue(generation(8), 3 * SECOND + rest - 10)).isFalse();
    assertThat(looks.isDue(generation(8), 3 * SECOND + rest)).isTrue();
  }

  @Test
  void aRepairIsReadBackOnceNobodyChangesAnything() {
    looks.looked(generation(7), 0, 0);
    looks.committed(generation(7), 1);
    looks.repaired(0, 1);
    assertThat(looks.isUnconfirmed()).isTrue();
    assertThat(looks.isDue(generation(8), SECOND / 2)).isFalse();
    assertThat(looks.isDue(generation(8), SECOND + 1)).isTrue();
    looks.looked(generation(8), SECOND + 1, SECOND + 1);
    assertThat(looks.isUnconfirmed()).isFalse();
    assertThat(looks.isDue(generation(8), 100 * SECOND)).isFalse();
  }

  private static OptionalLong generation(long count) {
    return OptionalLong.of(count);
  }
}
