package io.portcullis;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * How long tests wait for what must happen. The bound is there so that a test that fails ends, and
 * says nothing of speed: what is waited for comes within moments on a quiet machine.
 */
public final class Patience {
  /** The longest wait of any test, on the slowest machine. */
  public static final Duration LIMIT = Duration.ofMinutes(5);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  private Patience() {}

  /** Begins a wait that ends when its condition holds, or fails after {@link #LIMIT}. */
  public static ConditionFactory await() {
    return Awaitility.await().atMost(LIMIT).pollDelay(Duration.ZERO).pollInterval(BETWEEN_LOOKS);
  }

  /** Begins such a wait, with what it is for in the words of its failure. */
  public static ConditionFactory await(String what) {
    return await().alias(what);
  }
}
