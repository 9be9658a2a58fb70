package io.portcullis.agent.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LooksTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final Looks looks = new Looks();

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
  void afterAChangeItIsDueUnlessLooksTookATenthOfTheTime() {
    looks.looked(generation(7), 0, SECOND);
    assertThat(looks.isDue(generation(8), 10 * SECOND - 1)).isFalse();
    assertThat(looks.isDue(generation(8), 10 * SECOND)).isTrue();
  }

  @Test
  void aGenerationThatIsNotKnownMayHaveMoved() {
    looks.looked(OptionalLong.empty(), 0, SECOND);
    assertThat(looks.isDue(OptionalLong.empty(), 5 * SECOND)).isFalse();
    assertThat(looks.isDue(OptionalLong.empty(), 10 * SECOND)).isTrue();
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

  private static OptionalLong generation(long count) {
    return OptionalLong.of(count);
  }
}
