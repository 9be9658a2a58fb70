package io.portcullis.cli;

import io.portcullis.ImportRules;
import org.junit.jupiter.api.Test;

class ImportRuleTest {
  @Test
  void importsFollowTheData() {
    ImportRules.of("io.portcullis.cli").plain("io.portcullis.cli..").noFileCircles().noLongFiles();
  }
}
