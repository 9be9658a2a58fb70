package io.portcullis.agent.drift;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * When the kernel's table is worth reading back: when rules of whatever table were changed by
 * others, and every hour. Somebody who changes tables of their own often must not keep the agent
 * reading: looks take a tenth of the time at most, after a burst of a second that keeps a rare
 * change from waiting.
 */
public final class ReadBackSchedule {
  private static final Duration LONGEST_BETWEEN = Duration.ofHours(1);
  private static final Duration BURST = Duration.ofSeconds(1);
  private static final int REST_PER_LOOK = 9;

  private OptionalLong seen = OptionalLong.empty();
  private boolean looked;
  private long lookedNanos;
  private long spentNanos;

  /**
   * Whether it is time.
   *
   * @param generation of the kernel's rules; where it is not known, they may have changed
   */
  public boolean isDue(OptionalLong generation, long nowNanos) {
    if (!looked) {
      return true;
    }
    if (isUnmoved(generation)) {
      return nowNanos - lookedNanos >= LONGEST_BETWEEN.toNanos();
    }
    return unrested(nowNanos) < BURST.toNanos();
  }

  /**
   * Whether the table is surely what it was when it was last looked at and changed by the agent.
   *
   * @param generation of the kernel's rules, where it is known
   */
  public boolean isUnmoved(OptionalLong generation) {
    return looked && generation.isPresent() && generation.equals(seen);
  }

  /** The time of looks for which no rest has been taken yet. */
  private long unrested(long nowNanos) {
    return Math.max(0, spentNanos - (nowNanos - lookedNanos) / REST_PER_LOOK);
  }

  /**
   * Transactions of the agent's own. They hide nothing that others did before and was not looked
   * at, nor what others do meanwhile: then the generation is another than what they make of it.
   *
   * @param before the generation before them
   */
  public void committed(OptionalLong before, int transactions) {
    if (before.isPresent() && before.equals(seen)) {
      seen = OptionalLong.of(before.getAsLong() + transactions);
    }
  }

  /**
   * The table was read back.
   *
   * @param generation before it was
   */
  public void looked(OptionalLong generation, long beganNanos, long endedNanos) {
    spentNanos = unrested(beganNanos) + endedNanos - beganNanos;
    seen = generation;
    looked = true;
    lookedNanos = endedNanos;
  }

  /** What is known of the table does not hold any more. */
  public void forget() {
    looked = false;
  }
}
