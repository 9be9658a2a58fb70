package io.portcullis.agent;

import io.portcullis.ImportRules;
import org.junit.jupiter.api.Test;

class ImportRuleTest {
  private static final String[] CORES = {
    "io.portcullis.agent.version..",
    "io.portcullis.agent.program..",
    "io.portcullis.agent.drift..",
    "io.portcullis.agent.links..",
    "io.portcullis.agent.host.."
  };
  private static final String[] KERNEL = {"io.portcullis.agent.kernel.."};

  @Test
  void importsFollowTheData() {
    ImportRules.of("io.portcullis.agent")
        .cores(CORES)
        .plain(KERNEL)
        .never(CORES, "io.portcullis.topic..", "io.portcullis.agent.kernel..")
        .never(
            new String[] {CORES[0], CORES[1], CORES[2], CORES[3], CORES[4], KERNEL[0]},
            "io.portcullis.topic..",
            "io.portcullis.agent",
            "io.portcullis.agent.report..",
            "io.portcullis.agent.rest..",
            "io.portcullis.agent.health..")
        .noCycles();
  }
}
