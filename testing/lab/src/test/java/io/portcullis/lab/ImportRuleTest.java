package io.portcullis.lab;

import io.portcullis.ImportRules;
import org.junit.jupiter.api.Test;

class ImportRuleTest {
  @Test
  void importsFollowTheData() {
    ImportRules.of("io.portcullis.lab").noCycles().noFileCircles().noLongFiles();
  }
}
