package io.portcullis.nft;

import java.time.Duration;

/** How long the guard of new pods still stands in the kernel (C1). */
public sealed interface GuardLease {
  GuardLease NONE = new None();
  GuardLease EVER = new Ever();

  /** It does not stand. */
  record None() implements GuardLease {}

  /** The kernel lifts it after that time, which is more than nothing. */
  record For(Duration left) implements GuardLease {
    public For {
      if (!left.isPositive()) {
        throw new IllegalArgumentException("a guard for no time: " + left);
      }
    }
  }

  /** It stands until it is taken away. */
  record Ever() implements GuardLease {}

  /** The one that lasts longer. */
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
