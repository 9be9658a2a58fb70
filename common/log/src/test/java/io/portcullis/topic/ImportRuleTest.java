package io.portcullis.topic;

import io.portcullis.ImportRules;
import org.junit.jupiter.api.Test;

class ImportRuleTest {
  @Test
  void importsFollowTheData() {
    ImportRules.of("io.portcullis")
        .cores("io.portcullis.history..")
        .never(
            new String[] {"io.portcullis.topic.."},
            "io.portcullis.cluster..",
            "io.portcullis.ruleset..",
            "io.portcullis.nft..",
            "io.portcullis.history..")
        .noCycles()
        .noFileCircles()
        .noLongFiles();
  }
}
