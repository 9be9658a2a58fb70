package io.portcullis.topic;

import io.portcullis.Patience;
import io.portcullis.topic.TopicFollower.Reading;
import java.time.Duration;
import java.util.LinkedHashSet;

/** Polls a follower until it reads what a test waits for. */
final class Readings {
  private static final Duration POLL = Duration.ofMillis(100);

  private Readings() {}

  static <T extends Reading> T await(TopicFollower follower, Class<T> wanted) {
    var end = System.nanoTime() + Patience.LIMIT.toNanos();
    var seen = new LinkedHashSet<Reading>();
    while (System.nanoTime() < end) {
      var reading = follower.poll(POLL);
      if (wanted.isInstance(reading)) {
        return wanted.cast(reading);
      }
      seen.add(reading);
    }
    throw new AssertionError("no %s came, only %s".formatted(wanted.getSimpleName(), seen));
  }
}
