package io.portcullis.agent.kernel;

import io.portcullis.nft.Edit;
import io.portcullis.nft.EditRenderer;
import io.portcullis.nft.GuardLease;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Remembers how long the guard of new pods stands, so that a table that takes the place of another
 * has it for what is left (C1). The kernel counts the time down by itself. The loop's thread
 * changes it, any thread reads it.
 */
final class GuardLeaseClock {
  private final LongSupplier nanos;
  private volatile Optional<Held> held = Optional.empty();
  private int turn;

  /** What the kernel was given, and when. */
  private record Held(GuardLease lease, long sinceNanos) {}

  GuardLeaseClock() {
    this(System::nanoTime);
  }

  GuardLeaseClock(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** What is left of it. */
  GuardLease lease() {
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

  /** How long ago the kernel lifted it; none while it stands, and where it never did. */
  Optional<Duration> openFor() {
    return held.filter(now -> left(now) instanceof GuardLease.None)
        .flatMap(
            now ->
                now.lease() instanceof GuardLease.For(var whole)
                    ? Optional.of(age(now).minus(whole))
                    : Optional.empty());
  }

  /**
   * What the kernel was found to hold. The first is believed, as an agent before this one held it;
   * later ones where it should stand for ever, as nothing would renew it.
   */
  void found(GuardLease inKernel) {
    if (held.isEmpty() || held.get().lease() instanceof GuardLease.Ever) {
      held(inKernel);
    }
  }

  /** The transaction that renews it in one of its sets: in turns, so that one always stands. */
  String next(String table, GuardLease next) {
    return switch (next) {
      case GuardLease.For _ -> {
        turn = 1 - turn;
        // one that stood for ever would outlast this
        yield lease() instanceof GuardLease.Ever ? both(table, next) : of(table, turn, next);
      }
      case GuardLease.None _, GuardLease.Ever _ -> both(table, next);
    };
  }

  /** It is in the kernel now, or will be in the table that is made first. */
  void held(GuardLease now) {
    held = Optional.of(new Held(now, nanos.getAsLong()));
  }

  /** What lets a table that comes to be have it. */
  String all(String table) {
    var left = lease();
    return left.equals(GuardLease.NONE) ? "" : both(table, left);
  }

  private static String both(String table, GuardLease lease) {
    return of(table, 0, lease) + of(table, 1, lease);
  }

  private static String of(String table, int turn, GuardLease lease) {
    return EditRenderer.text(table, List.of(new Edit.SetGuard(turn, lease)));
  }
}
