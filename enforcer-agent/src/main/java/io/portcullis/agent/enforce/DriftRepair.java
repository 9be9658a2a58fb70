package io.portcullis.agent.enforce;

import io.portcullis.agent.drift.Drift;
import io.portcullis.agent.drift.DriftLog;
import io.portcullis.agent.drift.TableDifference;
import io.portcullis.agent.kernel.Kernel;
import io.portcullis.agent.kernel.NftException;
import io.portcullis.agent.program.Tables;
import io.portcullis.agent.status.Clock;
import io.portcullis.agent.status.EnforcedVersion;
import io.portcullis.retry.Backoff;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Repairs what others do to the table: reads it back when it may have changed, and brings it back
 * to the version that was enforced, without asking anybody. If others change it again and again,
 * repairs become rare. The loop's thread uses it; any thread reads {@link #drifts}.
 *
 * <pre>
 *   intact --differs--> open --repaired--> intact
 *                       |  ^
 *                       +--+ the repair failed, or the last one was too short ago: later
 * </pre>
 */
public final class DriftRepair {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);

  /** After so long without a drift, the next one is repaired at once. */
  private static final Duration CALM = Duration.ofMinutes(1);

  private final EnforcedTable table;
  private final LongSupplier nanos;
  private final Backoff retry;
  private Optional<Drift> open = Optional.empty();
  private Optional<String> failure = Optional.empty();
  private Optional<String> struggle = Optional.empty();
  private long repairedNanos;
  private volatile DriftLog drifts = DriftLog.EMPTY;

  DriftRepair(EnforcedTable table) {
    this(table, System::nanoTime);
  }

  /**
   * Makes one with a clock of its own.
   *
   * @param nanos never goes back
   */
  DriftRepair(EnforcedTable table, LongSupplier nanos) {
    this.table = table;
    this.nanos = nanos;
    this.retry = new Backoff(Duration.ofSeconds(1), LONGEST_WAIT, nanos);
    this.repairedNanos = nanos.getAsLong() - CALM.toNanos();
  }

  /** Returns the drifts since the start. */
  public DriftLog drifts() {
    return drifts;
  }

  /** Returns why the table may not be as it was enforced, as long as that goes on. */
  public Optional<String> trouble() {
    return failure.or(() -> struggle);
  }

  /**
   * Reads the table back and repairs it, if it is time for either.
   *
   * @param expected what the kernel should hold
   */
  Optional<TableCheck> check(EnforcedVersion expected) {
    if (!isDue()) {
      return Optional.empty();
    }
    try {
      var held = table.look();
      failure = Optional.empty();
      if (expected.isIn(held.tables())) {
        return Optional.of(intact(held));
      }
      open(expected, held);
      return Optional.of(retry.isDue() ? repair(expected, held) : again());
    } catch (NftException e) {
      retry.failed();
      failure = Optional.of("the table cannot be read back or repaired: " + e.getMessage());
      return Optional.of(new TableCheck.Unrepaired());
    }
  }

  /** Returns whether nothing is to be done until the kernel's tables change. */
  boolean isAtRest() {
    return open.isEmpty() && failure.isEmpty() && table.isUnmoved();
  }

  private boolean isDue() {
    if (open.isPresent() || failure.isPresent()) {
      return retry.isDue();
    }
    var isOver = struggle.isPresent() && isCalm();
    return isOver || table.isLookDue();
  }

  private boolean isCalm() {
    return nanos.getAsLong() - repairedNanos >= CALM.toNanos();
  }

  private TableCheck intact(Kernel.Held held) {
    open.ifPresent(this::close);
    if (isCalm()) {
      retry.succeeded();
      struggle = Optional.empty();
    }
    return new TableCheck.Intact(digest(held));
  }

  private static String digest(Kernel.Held held) {
    return held.tables().live().map(Tables.Live::digest).orElseThrow();
  }

  private void open(EnforcedVersion expected, Kernel.Held held) {
    if (open.isPresent()) {
      return;
    }
    var difference = TableDifference.between(expected.rules(), held.tables(), held.live());
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

  private TableCheck repair(EnforcedVersion expected, Kernel.Held held) throws NftException {
    retry.failed(); // the next repair waits, whether or not this one helps
    repairedNanos = nanos.getAsLong();
    table.restore(expected, held.tables());
    var now = table.look();
    if (!expected.isIn(now.tables())) {
      return again();
    }
    return new TableCheck.Repaired(close(open.orElseThrow()), digest(now));
  }

  private TableCheck again() {
    struggle =
        Optional.of(
            "others change the table again and again; a repair waits up to %d s"
                .formatted(LONGEST_WAIT.toSeconds()));
    return new TableCheck.Unrepaired();
  }
}
