package io.portcullis.compiler;

import io.portcullis.ImportRules;
import org.junit.jupiter.api.Test;

class ImportRuleTest {
  @Test
  void importsFollowTheData() {
    ImportRules.of("io.portcullis.compiler")
        .never(
            new String[] {"io.portcullis.compiler.replica.."},
            "io.portcullis.compiler.publish..",
            "io.portcullis.compiler.versions..",
            "io.portcullis.compiler.rest..")
        .never(new String[] {"io.portcullis.compiler.publish.."}, "io.portcullis.compiler.rest..")
        .noCycles()
        .noFileCircles()
        .noLongFiles();
  }
}
