package io.portcullis;

import org.junit.jupiter.api.Test;

class ImportRuleTest {
  private static final String[] CORES = {
    "io.portcullis.net..",
    "io.portcullis.cluster..",
    "io.portcullis.ruleset..",
    "io.portcullis.nft..",
    "io.portcullis.history..",
    "io.portcullis.json.."
  };

  @Test
  void importsFollowTheData() {
    ImportRules.of("io.portcullis")
        .cores(CORES)
        .never(CORES, "io.portcullis.topic..", "io.portcullis.endpoint..")
        .never(
            new String[] {"io.portcullis.net..", "io.portcullis.json.."},
            "io.portcullis.cluster..",
            "io.portcullis.ruleset..")
        .never(new String[] {"io.portcullis.cluster.."}, "io.portcullis.ruleset..")
        .never(
            new String[] {"io.portcullis.topic.."},
            "io.portcullis.cluster..",
            "io.portcullis.ruleset..",
            "io.portcullis.nft..",
            "io.portcullis.history..")
        .noCycles();
  }
}
