package io.portcullis.manifest;

import io.portcullis.ImportRules;
import org.junit.jupiter.api.Test;

class ImportRuleTest {
  @Test
  void importsFollowTheData() {
    ImportRules.of("io.portcullis")
        .plain("io.portcullis.manifest..")
        .cores("io.portcullis.sighting..", "io.portcullis.validation..")
        .never(
            new String[] {"io.portcullis.sighting.."},
            "io.portcullis.manifest..",
            "io.portcullis.validation..")
        .never(
            new String[] {"io.portcullis.manifest..", "io.portcullis.validation.."},
            "io.portcullis.ruleset..",
            "io.portcullis.nft..")
        .noCycles()
        .noFileCircles()
        .noLongFiles();
  }
}
