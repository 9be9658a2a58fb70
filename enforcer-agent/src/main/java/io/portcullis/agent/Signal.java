package io.portcullis.agent;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Wakes the loop when something happens. Any thread raises it, one thread waits for it. A signal
 * that is raised while nobody waits ends the next wait at once, so none is lost.
 */
final class Signal {
  private final Semaphore raised = new Semaphore(0);

  /** Ends the wait that is under way, or the next one. */
  void raise() {
    raised.release();
  }

  /** Returns when the signal has been raised since the last wait, or after that time. */
  void await(Duration atMost) {
    try {
      if (raised.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
        raised.drainPermits();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
