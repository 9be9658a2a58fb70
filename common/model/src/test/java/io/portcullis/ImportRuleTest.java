package io.portcullis;

import org.junit.jupiter.api.Test;

class ImportRuleTest {
  @Test
  void importsFollowTheData() {
    ImportRules.of("io.portcullis")
        .cores(
            "io.portcullis.net..",
            "io.portcullis.cluster..",
            "io.portcullis.ruleset..",
            "io.portcullis.nft..",
            "io.portcullis.json..")
        .never(
            new String[] {"io.portcullis.net..", "io.portcullis.json.."},
            "io.portcullis.cluster..",
            "io.portcullis.ruleset..")
        .never(new String[] {"io.portcullis.cluster.."}, "io.portcullis.ruleset..")
        .noCycles()
        .noFileCircles()
        .noLongFiles();
  }
}
