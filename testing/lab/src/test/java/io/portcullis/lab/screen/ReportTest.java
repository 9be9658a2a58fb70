package io.portcullis.lab.screen;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.lab.observe.DriftSeen;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Tests the lines of the screen that tell of drift. */
class ReportTest {
  @Test
  void repairsBelowASecondAreShownInMilliseconds() {
    assertThat(line(28)).endsWith(", repaired after 28 ms");
    assertThat(line(999)).endsWith(", repaired after 999 ms");
    assertThat(line(1_260)).endsWith(", repaired after 1.3 s");
  }

  private static String line(long repairMillis) {
    var drift = new DriftSeen(1, 0, Optional.of(repairMillis));
    return Report.drifts(new TreeMap<>(Map.of("node-1", Optional.of(drift)))).getFirst();
  }
}
