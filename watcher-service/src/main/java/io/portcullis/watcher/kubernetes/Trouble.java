package io.portcullis.watcher.kubernetes;

import java.util.Optional;

/** Why something cannot be read, and since when. */
record Trouble(String reason, long sinceNanos) {

  /** Returns trouble that began when an earlier one did, or now. */
  static Trouble since(Optional<Trouble> before, String reason, long nowNanos) {
    return new Trouble(reason, before.map(Trouble::sinceNanos).orElse(nowNanos));
  }
}
