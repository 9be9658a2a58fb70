package io.portcullis.agent.guard;

import io.portcullis.nft.GuardLease;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Decides when the guard of new pods is renewed, and for how long (C1). The loop's thread uses it.
 */
public final class PodGuard {
  private final Setting setting;
  private final LongSupplier changes;
  private long seen;
  private long renewed;

  /**
   * The operator's settings of the guard.
   *
   * @param openAfter how long the guard stands without a heartbeat
   */
  public record Setting(GuardMode mode, Duration openAfter) {
    public Setting {
      if (!openAfter.isPositive()) {
        throw new IllegalArgumentException(
            "PORTCULLIS_GUARD_OPEN_AFTER: not a positive time: " + openAfter);
      }
    }

    /** Returns the lease that the first table after a boot gets. */
    public GuardLease first() {
      return switch (mode) {
        case OFF -> GuardLease.NONE;
        case STRICT -> GuardLease.EVER;
        case ISOLATE -> new GuardLease.For(openAfter);
      };
    }
  }

  /**
   * @param changes how often the heartbeat has changed
   */
  public PodGuard(Setting setting, LongSupplier changes) {
    this.setting = setting;
    this.changes = changes;
  }

  /**
   * Returns the lease that the kernel must hold from now on, unless it holds that already.
   *
   * @param held what is left of the lease that it holds
   */
  public Optional<GuardLease> due(GuardLease held) {
    return switch (setting.mode()) {
      case OFF -> unless(held, GuardLease.NONE);
      case STRICT -> unless(held, GuardLease.EVER);
      case ISOLATE -> {
        seen = changes.getAsLong();
        // a lease that a strict agent left must end some time
        var isToEnd = held instanceof GuardLease.Ever;
        yield seen != renewed || isToEnd
            ? Optional.of(new GuardLease.For(setting.openAfter()))
            : Optional.empty();
      }
    };
  }

  private static Optional<GuardLease> unless(GuardLease held, GuardLease wanted) {
    return held.equals(wanted) ? Optional.empty() : Optional.of(wanted);
  }

  /** The lease that was {@link #due} is in the kernel. */
  public void renewed() {
    renewed = seen;
  }
}
