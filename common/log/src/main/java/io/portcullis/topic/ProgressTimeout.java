package io.portcullis.topic;

import java.time.Duration;
import org.apache.kafka.common.KafkaException;

/**
 * Ends a reading that gets nothing any more: a consumer waits for ever for records of a topic that
 * was deleted, or was made anew with fewer.
 */
final class ProgressTimeout {
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);

  private final String what;
  private long position = -1;
  private long movedNanos;

  ProgressTimeout(String what) {
    this.what = what;
  }

  /**
   * Told the position after each poll.
   *
   * @throws KafkaException when it has not moved for long
   */
  void at(long now) {
    if (now != position) {
      position = now;
      movedNanos = System.nanoTime();
    } else if (System.nanoTime() - movedNanos > LONGEST_SILENCE.toNanos()) {
      throw new KafkaException(
          what + ": no records for " + LONGEST_SILENCE.toSeconds() + " s before its end");
    }
  }
}
