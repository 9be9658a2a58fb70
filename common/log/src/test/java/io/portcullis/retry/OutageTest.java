package io.portcullis.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutageTest {
  private final List<String> log = new ArrayList<>();

  @Test
  void aReasonIsLoggedOnceUntilAnotherComes() {
    var outage = new Outage();
    outage.report("no broker answers", log::add);
    outage.report("no broker answers", log::add);
    outage.report("not allowed", log::add);
    outage.report("no broker answers", log::add);
    assertThat(log).containsExactly("no broker answers", "not allowed", "no broker answers");
    assertThat(outage.reason()).contains("no broker answers");
  }

  @Test
  void anOutageEndsOnceAndItsReasonIsNewAfterwards() {
    var outage = new Outage("not read yet");
    outage.report("not read yet", log::add);
    outage.end(() -> log.add("over"));
    outage.end(() -> log.add("over"));
    outage.report("not read yet", log::add);
    assertThat(log).containsExactly("over", "not read yet");
  }
}
