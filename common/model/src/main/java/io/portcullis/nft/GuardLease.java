package io.portcullis.nft;

import java.time.Duration;

/** The time that the guard of new pods still stands in the kernel (C1). */
public sealed interface GuardLease {
  GuardLease NONE = new None();
  GuardLease EVER = new Ever();

  /** The guard does not stand. */
  record None() implements GuardLease {}

  /** The kernel lifts the guard after that time, which is positive. */
  record For(Duration left) implements GuardLease {
    public For {
      if (!left.isPositive()) {
        throw new IllegalArgumentException("the guard's time is not positive: " + left);
      }
    }
  }

  /** The guard stands until the agent removes it. */
  record Ever() implements GuardLease {}

  /** Returns the lease that lasts longer. */
  default GuardLease orLonger(GuardLease other) {
    return switch (this) {
      case None _ -> other;
      case Ever _ -> this;
      case For(var left) ->
          switch (other) {
            case None _ -> this;
            case Ever _ -> other;
            case For(var otherLeft) -> left.compareTo(otherLeft) < 0 ? other : this;
          };
    };
  }
}
