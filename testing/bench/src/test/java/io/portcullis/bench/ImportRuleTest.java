package io.portcullis.bench;

import io.portcullis.ImportRules;
import org.junit.jupiter.api.Test;

class ImportRuleTest {
  @Test
  void importsFollowTheData() {
    ImportRules.of("io.portcullis.bench").noCycles().noFileCircles().noLongFiles();
  }
}
