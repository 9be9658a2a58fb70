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
  private static final String[] KERNEL = {
    "io.portcullis.agent.kernel..", "io.portcullis.agent.netlink.."
  };

  @Test
  void importsFollowTheData() {
    ImportRules.of("io.portcullis.agent")
        .cores(CORES)
        .plain(KERNEL)
        .never(CORES, KERNEL)
        .never(CORES, "io.portcullis.topic..", "io.portcullis.agent")
        .never(
            KERNEL,
            "io.portcullis.topic..",
            "io.portcullis.agent",
            "io.portcullis.agent.report..",
            "io.portcullis.agent.rest..",
            "io.portcullis.agent.health..")
        .noCycles()
        .noFileCircles()
        .noLongFiles();
  }
}
