package io.portcullis.lab.probe;

import java.time.Duration;
import java.util.List;

/**
 * When a probe is sent again and when it is given up.
 *
 * @param resend the times of the later attempts, counted from the first packet
 * @param deadline the time after which the probe is given up, counted from the first packet
 */
public record ProbeTiming(List<Duration> resend, Duration deadline) {
  /**
   * The default: three packets within 0.3 s and 0.7 s for an answer, enough on a loaded machine.
   */
  public static final ProbeTiming DEFAULT =
      new ProbeTiming(
          List.of(Duration.ofMillis(100), Duration.ofMillis(300)), Duration.ofMillis(700));

  public ProbeTiming {
    resend = List.copyOf(resend);
  }
}
