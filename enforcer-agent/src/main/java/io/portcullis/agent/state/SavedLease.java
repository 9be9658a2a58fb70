package io.portcullis.agent.state;

import io.portcullis.nft.GuardLease;
import java.time.Duration;

/**
 * The end of the guard's lease (C1), so that neither a restart nor a flush of all tables prolongs
 * it.
 *
 * @param bootId the kernel's
 * @param untilNanos by the kernel's clock since its boot
 */
record SavedLease(String bootId, long untilNanos) {
  static SavedLease parse(String text) {
    var parts = text.split(" ", -1);
    if (parts.length != 2) {
      throw new IllegalArgumentException("not a lease: " + text);
    }
    return new SavedLease(parts[0], Long.parseLong(parts[1]));
  }

  /** Returns what is left of it. */
  GuardLease left(long nowNanos) {
    var left = untilNanos - nowNanos;
    return left > 0 ? new GuardLease.For(Duration.ofNanos(left)) : GuardLease.NONE;
  }

  @Override
  public String toString() {
    return bootId + " " + untilNanos;
  }
}
