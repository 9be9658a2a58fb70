package io.portcullis.oracle;

import io.portcullis.ImportRules;
import org.junit.jupiter.api.Test;

class ImportRuleTest {
  @Test
  void importsFollowTheData() {
    ImportRules.of("io.portcullis.oracle")
        .cores("io.portcullis.oracle..")
        .never(new String[] {"io.portcullis.oracle.."}, "io.portcullis.ruleset..")
        .noFileCircles()
        .noLongFiles();
  }
}
