package io.portcullis.agent.guard;

import io.portcullis.nft.GuardLease;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Says when the guard of new pods is to be renewed and for how long (C1). The loop's thread uses
 * it.
 */
public final class PodGuard {
  private final Setting setting;
  private final LongSupplier changes;
  private long seen;
  private long renewed;

  /**
   * What the operator set.
   *
   * @param openAfter how long it stands without a heartbeat
   */
  public record Setting(GuardMode mode, Duration openAfter) {
    public Setting {
      if (!openAfter.isPositive()) {
        throw new IllegalArgumentException(
            "PORTCULLIS_GUARD_OPEN_AFTER: not a positive time: " + openAfter);
      }
    }
  }

  /**
   * @param changes how often the beat has changed
   */
  public PodGuard(Setting setting, LongSupplier changes) {
    this.setting = setting;
    this.changes = changes;
  }

  /** What a kernel without any table is to hold with the first one. */
  public GuardLease first() {
    return setting.mode() == GuardMode.STRICT ? GuardLease.EVER : GuardLease.NONE;
  }

  /**
   * What the kernel is to hold from now on, where that is another than it holds.
   *
   * @param held what is left of what it holds
   */
  public Optional<GuardLease> due(GuardLease held) {
    return switch (setting.mode()) {
      case OFF -> unless(held, GuardLease.NONE);
      case STRICT -> unless(held, GuardLease.EVER);
      case ISOLATE -> {
        seen = changes.getAsLong();
        // one that a strict agent left must end some time
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

  /** What was {@link #due} is in the kernel. */
  public void renewed() {
    renewed = seen;
  }
}
