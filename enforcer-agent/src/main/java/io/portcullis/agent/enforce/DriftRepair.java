package io.portcullis.agent.enforce;

import io.portcullis.agent.drift.Difference;
import io.portcullis.agent.drift.Drift;
import io.portcullis.agent.drift.DriftLog;
import io.portcullis.agent.drift.ReadBackSchedule;
import io.portcullis.agent.enforce.DriftRepair.Watched.NotRepaired;
import io.portcullis.agent.enforce.DriftRepair.Watched.Repaired;
import io.portcullis.agent.enforce.DriftRepair.Watched.Whole;
import io.portcullis.agent.kernel.Kernel;
import io.portcullis.agent.kernel.NftException;
import io.portcullis.agent.program.Plan;
import io.portcullis.agent.program.Tables;
import io.portcullis.agent.status.Clock;
import io.portcullis.agent.status.EnforcedVersion;
import io.portcullis.retry.Backoff;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Keeps the kernel at the version that was enforced: reads the table back when it may have changed,
 * and repairs what others did to it, without asking anybody. Repairs of what is changed again and
 * again become rare. The loop's thread uses it; any thread reads {@link #drifts}.
 *
 * <pre>
 *   whole --differs--> open --repaired--> whole
 *                      |  ^
 *                      +--+ it failed, or the last repair was too short ago: after a while
 * </pre>
 */
public final class DriftRepair {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);

  /** So long without a drift, and the next one is repaired at once. */
  private static final Duration CALM = Duration.ofMinutes(1);

  private final Kernel kernel;
  private final ReadBackSchedule looks = new ReadBackSchedule();
  private final Backoff repair = new Backoff(Duration.ofSeconds(1), LONGEST_WAIT);
  private Optional<Drift> open = Optional.empty();
  private Optional<String> failure = Optional.empty();
  private Optional<String> struggle = Optional.empty();
  private long repairedNanos = System.nanoTime() - CALM.toNanos();
  private volatile DriftLog drifts = DriftLog.EMPTY;

  /** How the table was found. */
  public sealed interface Watched {
    /** As it should be. */
    record Whole(String digest) implements Watched {}

    /** Changed by others; now it is as it should be. */
    record Repaired(Drift drift, String digest) implements Watched {}

    /** {@link #trouble} says why. */
    record NotRepaired() implements Watched {}
  }

  public DriftRepair(Kernel kernel) {
    this.kernel = kernel;
  }

  /** All that were seen since the start. */
  public DriftLog drifts() {
    return drifts;
  }

  /** Why the table may not be left as it was enforced, as long as that goes on. */
  public Optional<String> trouble() {
    return failure.or(() -> struggle);
  }

  /** How often all tables of the kernel were changed; what {@link #committed} wants to know. */
  public OptionalLong generation() {
    return kernel.generation();
  }

  /** Whether nobody else has changed any table since it was last looked at. */
  public boolean isUnmoved() {
    return looks.isUnmoved(kernel.generation());
  }

  /** The agent's own transactions, after that generation. */
  public void committed(OptionalLong before, int transactions) {
    looks.committed(before, transactions);
  }

  /** Something failed on the way: the table is to be looked at. */
  public void doubt() {
    looks.forget();
  }

  /** What the kernel holds, read now. */
  public Kernel.Held look() throws NftException {
    var generation = kernel.generation();
    var began = System.nanoTime();
    try {
      return kernel.look();
    } finally {
      looks.looked(generation, began, System.nanoTime());
    }
  }

  /**
   * Looks and repairs, where it is time for either.
   *
   * @param expected what the kernel should hold
   */
  public Optional<Watched> watch(EnforcedVersion expected) {
    if (!isDue()) {
      return Optional.empty();
    }
    try {
      var held = look();
      failure = Optional.empty();
      if (expected.isIn(held.tables())) {
        return Optional.of(whole(held));
      }
      open(expected, held);
      return Optional.of(repair.isDue() ? repair(expected, held) : again());
    } catch (NftException e) {
      repair.failed();
      failure = Optional.of("the table cannot be read back or repaired: " + e.getMessage());
      return Optional.of(new NotRepaired());
    }
  }

  private boolean isDue() {
    if (open.isPresent() || failure.isPresent()) {
      return repair.isDue();
    }
    var isOver = struggle.isPresent() && isCalm();
    return isOver || looks.isDue(kernel.generation(), System.nanoTime());
  }

  private boolean isCalm() {
    return System.nanoTime() - repairedNanos >= CALM.toNanos();
  }

  private Whole whole(Kernel.Held held) {
    open.ifPresent(this::close);
    if (isCalm()) {
      repair.succeeded();
      struggle = Optional.empty();
    }
    return new Whole(digest(held));
  }

  private static String digest(Kernel.Held held) {
    return held.tables().live().map(Tables.Live::digest).orElseThrow();
  }

  private void open(EnforcedVersion expected, Kernel.Held held) {
    if (open.isPresent()) {
      return;
    }
    var difference = Difference.between(expected.rules(), held.tables(), held.live());
    var drift = new Drift(expected.stamp().version(), Clock.micros(), difference, Optional.empty());
    open = Optional.of(drift);
    drifts = drifts.plus(drift);
  }

  private Drift close(Drift drift) {
    var repaired = drift.repaired(Clock.micros());
    open = Optional.empty();
    drifts = drifts.withNewest(repaired);
    return repaired;
  }

  private Watched repair(EnforcedVersion expected, Kernel.Held held) throws NftException {
    repair.failed(); // the next one waits, whether or not this one helps
    repairedNanos = System.nanoTime();
    kernel.changing(expected.rules(), expected.rules());
    kernel.carryOut(plan(expected, held));
    var now = look();
    if (!expected.isIn(now.tables())) {
      return again();
    }
    return new Repaired(close(open.orElseThrow()), digest(now));
  }

  private static Plan plan(EnforcedVersion expected, Kernel.Held held) {
    return Plan.toHold(expected.rules(), expected.digest(), expected.stamp(), held.tables());
  }

  private NotRepaired again() {
    struggle =
        Optional.of(
            "others change the table again and again; a repair waits up to %d s"
                .formatted(LONGEST_WAIT.toSeconds()));
    return new NotRepaired();
  }
}
