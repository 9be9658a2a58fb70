package io.portcullis.agent.program;

import io.portcullis.nft.Edit;
import io.portcullis.nft.GuardLease;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Remembers how long the guard of new pods still stands, so that a table that replaces another one
 * gets it for the remaining time (C1). The kernel counts the time down by itself. One thread
 * changes it, any thread reads it.
 */
public final class GuardLeaseClock {
  private final LongSupplier nanos;
  private volatile Optional<Held> held = Optional.empty();
  private int turn;

  /** A lease that the kernel was given, and when. */
  private record Held(GuardLease lease, long sinceNanos) {}

  /**
   * Starts without a lease.
   *
   * @param nanos a clock that never goes back
   */
  public GuardLeaseClock(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Returns what is left of the lease. */
  public GuardLease lease() {
    return held.map(this::left).orElse(GuardLease.NONE);
  }

  private GuardLease left(Held now) {
    return switch (now.lease()) {
      case GuardLease.None _, GuardLease.Ever _ -> now.lease();
      case GuardLease.For(var whole) -> {
        var left = whole.minus(age(now));
        yield left.isPositive() ? new GuardLease.For(left) : GuardLease.NONE;
      }
    };
  }

  private Duration age(Held now) {
    return Duration.ofNanos(nanos.getAsLong() - now.sinceNanos());
  }

  /**
   * Returns how long ago the kernel lifted the guard; empty while it stands and if it never did.
   */
  public Optional<Duration> openFor() {
    return held.filter(now -> left(now) instanceof GuardLease.None)
        .flatMap(
            now ->
                now.lease() instanceof GuardLease.For(var whole)
                    ? Optional.of(age(now).minus(whole))
                    : Optional.empty());
  }

  /**
   * Learns which lease the kernel was found to hold. The first one counts, because an agent before
   * this one gave it; later ones count where the guard should stand for ever, because nothing would
   * renew it.
   */
  public void found(GuardLease inKernel) {
    if (held.isEmpty() || held.get().lease() instanceof GuardLease.Ever) {
      held(inKernel);
    }
  }

  /** Begins a lease with the first table, where no lease is known yet. */
  public void begin(GuardLease first) {
    if (held.isEmpty()) {
      held(first);
    }
  }

  /** Learns that the kernel has the lease now. */
  public void held(GuardLease now) {
    held = Optional.of(new Held(now, nanos.getAsLong()));
  }

  /** Returns the edits that renew the guard in one of its sets; the other one stands meanwhile. */
  public List<Edit> renew(GuardLease next) {
    return switch (next) {
      case GuardLease.For _ -> {
        turn = 1 - turn;
        // a lease for ever in the other set would outlast this one
        yield lease() instanceof GuardLease.Ever
            ? both(next)
            : List.of(new Edit.SetGuard(turn, next));
      }
      case GuardLease.None _, GuardLease.Ever _ -> both(next);
    };
  }

  /** Returns the edits that give a new table what is left of a lease. */
  static List<Edit> ofNewTable(GuardLease left) {
    return left.equals(GuardLease.NONE) ? List.of() : both(left);
  }

  private static List<Edit> both(GuardLease lease) {
    return List.of(new Edit.SetGuard(0, lease), new Edit.SetGuard(1, lease));
  }
}
