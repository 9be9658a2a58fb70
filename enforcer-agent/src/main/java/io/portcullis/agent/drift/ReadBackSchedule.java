package io.portcullis.agent.drift;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * Decides when something in the kernel is worth reading again: when others have changed it, a
 * second after it was repaired, and every hour. Programs that change tables again and again must
 * not keep the agent busy: looks and repairs take at most a tenth of the time, after a burst of a
 * second that keeps a rare change from waiting. Where the kernel does not say what changed, it is
 * read twice a second at most.
 */
public final class ReadBackSchedule {
  private static final Duration LONGEST_BETWEEN = Duration.ofHours(1);
  private static final Duration BURST = Duration.ofSeconds(1);

  /** A change that nothing tells of is found and repaired within a second. */
  private static final Duration BLIND = Duration.ofMillis(500);

  /** What a repair wrote is read back when nobody has changed it again for so long. */
  private static final Duration BEFORE_CONFIRMATION = Duration.ofSeconds(1);

  private static final int REST_PER_LOOK = 9;

  private OptionalLong seen = OptionalLong.empty();
  private boolean looked;
  private boolean repaired;
  private long endedNanos;
  private long spentNanos;

  /**
   * Returns whether it is time to look.
   *
   * @param generation of what is read; empty where the kernel does not say whether it has changed
   */
  public boolean isDue(OptionalLong generation, long nowNanos) {
    if (!looked) {
      return true;
    }
    if (isUnmoved(generation)) {
      var longest = repaired ? BEFORE_CONFIRMATION : LONGEST_BETWEEN;
      return nowNanos - endedNanos >= longest.toNanos();
    }
    var isTooSoon = generation.isEmpty() && nowNanos - endedNanos < BLIND.toNanos();
    return !isTooSoon && unrested(nowNanos) < BURST.toNanos();
  }

  /** Returns how long looks and repairs rest, because they have taken too much of the time. */
  public Duration rest(long nowNanos) {
    var tooMuch = unrested(nowNanos) - BURST.toNanos();
    return tooMuch < 0 ? Duration.ZERO : Duration.ofNanos((tooMuch + 1) * REST_PER_LOOK);
  }

  /** Returns whether what was repaired has not been read back since. */
  public boolean isUnconfirmed() {
    return repaired;
  }

  /**
   * Returns whether surely nobody but the agent has changed anything since the last look.
   *
   * @param generation of what is read, where the kernel says it
   */
  public boolean isUnmoved(OptionalLong generation) {
    return looked && generation.isPresent() && generation.equals(seen);
  }

  /** Returns the time of looks for which no rest has been taken yet. */
  private long unrested(long nowNanos) {
    return Math.max(0, spentNanos - (nowNanos - endedNanos) / REST_PER_LOOK);
  }

  /**
   * Enters transactions of the agent's own. They hide nothing that others did before, and nothing
   * that others do meanwhile: the generation is then another one than these transactions make.
   *
   * @param before the generation before them
   */
  public void committed(OptionalLong before, int transactions) {
    if (before.isPresent() && before.equals(seen)) {
      seen = OptionalLong.of(before.getAsLong() + transactions);
    }
  }

  /**
   * Enters a look.
   *
   * @param generation before the look
   */
  public void looked(OptionalLong generation, long beganNanos, long endedNanos) {
    spent(beganNanos, endedNanos);
    seen = generation;
    looked = true;
    repaired = false;
  }

  /** Enters a repair of what the last look found; its transactions are {@link #committed} too. */
  public void repaired(long beganNanos, long endedNanos) {
    spent(beganNanos, endedNanos);
    repaired = true;
  }

  private void spent(long beganNanos, long endedNanos) {
    spentNanos = unrested(beganNanos) + endedNanos - beganNanos;
    this.endedNanos = endedNanos;
  }

  /** Forgets the last look: what it found may not hold any more. */
  public void forget() {
    looked = false;
  }
}
