package io.portcullis.retry;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * Remembers why something does not work now, so that a reason that repeats is logged once. One
 * thread reports and ends an outage; any thread may ask for its reason.
 */
public final class Outage {
  private volatile Optional<String> reason;

  /** Begins with what works. */
  public Outage() {
    this.reason = Optional.empty();
  }

  /** Begins with what does not work yet, for a reason that needs no log. */
  public Outage(String reason) {
    this.reason = Optional.of(reason);
  }

  /** Returns why it does not work now; absent while it works. */
  public Optional<String> reason() {
    return reason;
  }

  /** Tells whether this reason is another one than the last. */
  public boolean isNew(String why) {
    return !reason.equals(Optional.of(why));
  }

  /**
   * Takes the reason of a failure.
   *
   * @param log gets the reason only if it is new
   */
  public void report(String why, Consumer<String> log) {
    if (isNew(why)) {
      reason = Optional.of(why);
      log.accept(why);
    }
  }

  /** Takes that it works again. */
  public void end() {
    reason = Optional.empty();
  }

  /**
   * Takes that it works again.
   *
   * @param log runs only if an outage ends by it
   */
  public void end(Runnable log) {
    if (reason.isPresent()) {
      end();
      log.run();
    }
  }
}
