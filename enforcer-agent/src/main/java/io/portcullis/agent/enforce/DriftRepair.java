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
 * to the version that was enforced, at once and without asking anybody. If others change it again
 * and again, looks and repairs together take a tenth of the time at most; meanwhile a table that is
 * gone is stood in for by one that lets nothing new pass. The loop's thread uses it; any thread
 * reads {@link #drifts}.
 *
 * <pre>
 *   intact --differs--> repaired --read back--> intact
 *             |  ^          |
 *             |  +-differs--+
 *             v
 *           failed: the kernel refuses the repair, or it does not help; later again
 * </pre>
 */
public final class DriftRepair {
  private static final Duration FIRST_WAIT = Duration.ofMillis(50);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);

  /** After so long without a drift, others leave the table alone. */
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
    this.retry = new Backoff(FIRST_WAIT, LONGEST_WAIT, nanos);
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
    table.expect(expected.rules());
    if (!table.isUnmoved()) {
      table.closeIfGone(); // at once, whatever looks and repairs have taken
    }
    if (!isDue()) {
      return Optional.empty();
    }
    try {
      var isOurWriting = table.isUnconfirmed() && table.isUnmoved();
      var held = table.look();
      if (expected.isIn(held.tables())) {
        return Optional.of(intact(held));
      }
      if (isOurWriting) {
        return Optional.of(failed("the kernel does not hold what the repair wrote"));
      }
      return Optional.of(repair(expected, held));
    } catch (NftException e) {
      return Optional.of(failed(e.getMessage()));
    }
  }

  private TableCheck failed(String reason) {
    retry.failed();
    failure = Optional.of("the table cannot be read back or repaired: " + reason);
    return new TableCheck.Unrepaired();
  }

  /** Returns whether nothing is to be done until the kernel's tables change. */
  boolean isAtRest() {
    return failure.isEmpty() && table.isUnmoved() && !table.isUnconfirmed();
  }

  /** Returns whether it is time to read the table back or to repair it. */
  boolean isDue() {
    if (failure.isPresent()) {
      return retry.isDue();
    }
    var isOver = struggle.isPresent() && isCalm();
    return isOver || table.isLookDue();
  }

  private boolean isCalm() {
    return nanos.getAsLong() - repairedNanos >= CALM.toNanos();
  }

  private TableCheck intact(Kernel.Held held) {
    succeeded();
    open.ifPresent(drift -> close(drift, Clock.micros()));
    if (isCalm()) {
      struggle = Optional.empty();
    }
    return new TableCheck.Intact(digest(held));
  }

  private void succeeded() {
    failure = Optional.empty();
    retry.succeeded();
  }

  private static String digest(Kernel.Held held) {
    return held.tables().live().map(Tables.Live::digest).orElseThrow();
  }

  /** The difference is looked for afterwards: the node is open meanwhile. */
  private TableCheck repair(EnforcedVersion expected, Kernel.Held held) throws NftException {
    var seenMicros = Clock.micros();
    long repairedMicros;
    try {
      table.repair(expected, held.tables());
    } finally {
      repairedMicros = Clock.micros();
      open(expected, held, seenMicros);
    }
    succeeded();
    if (!isCalm()) {
      struggle = Optional.of("others change the table again and again; each time it is repaired");
    }
    repairedNanos = nanos.getAsLong();
    return new TableCheck.Repaired(close(open.orElseThrow(), repairedMicros));
  }

  private void open(EnforcedVersion expected, Kernel.Held held, long seenMicros) {
    if (open.isPresent()) {
      return;
    }
    var difference = TableDifference.between(expected.rules(), held.tables(), held.live());
    var drift = new Drift(expected.stamp().version(), seenMicros, difference, Optional.empty());
    open = Optional.of(drift);
    drifts = drifts.plus(drift);
  }

  private Drift close(Drift drift, long micros) {
    var repaired = drift.repaired(micros);
    open = Optional.empty();
    drifts = drifts.withNewest(repaired);
    return repaired;
  }
}
