package io.portcullis.agent.connections;

import java.time.Duration;

/**
 * When connections are looked at. The kernel itself judges those that speak (C2), so a look may
 * wait.
 *
 * @param underWay a packet that meets the rules before a version is through after that
 * @param between the shortest time between two looks
 * @param urgent the shortest time to a look that must not wait: an address has another pod (C3)
 * @param rest how many times as long as a look took of a processor nobody looks again
 */
record LookPace(Duration underWay, Duration between, Duration urgent, int rest) {
  /** One look in 10 s, and one percent of a processor at most. */
  static final LookPace DEFAULT =
      new LookPace(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofSeconds(1), 99);

  /** Returns how long after a look the next one may begin. */
  long afterNanos(long ranNanos) {
    return Math.max(between.toNanos(), rest * ranNanos);
  }
}
