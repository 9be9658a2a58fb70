package io.portcullis.watcher.kubernetes;

import java.time.Duration;
import java.util.Optional;

/** Why something cannot be read, and since when. */
record Trouble(String reason, long sinceNanos) {
  private static final Duration LASTING = Duration.ofSeconds(3);

  /** Returns trouble that began when an earlier one did, or now. */
  static Trouble since(Optional<Trouble> before, String reason, long nowNanos) {
    return new Trouble(reason, before.map(Trouble::sinceNanos).orElse(nowNanos));
  }

  /** Tells whether it is more than a moment's; a server that restarts is back before. */
  boolean isLasting(long nowNanos) {
    return nowNanos - sinceNanos > LASTING.toNanos();
  }
}
