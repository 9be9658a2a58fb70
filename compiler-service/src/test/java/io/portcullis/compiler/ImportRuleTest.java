package io.portcullis.compiler;

import io.portcullis.ImportRules;
import org.junit.jupiter.api.Test;

class ImportRuleTest {
  private static final String[] CORES = {
    "io.portcullis.compiler.state..",
    "io.portcullis.compiler.rules..",
    "io.portcullis.compiler.explain.."
  };

  @Test
  void importsFollowTheData() {
    ImportRules.of("io.portcullis.compiler")
        .cores(CORES)
        .never(
            CORES,
            "io.portcullis.topic..",
            "io.portcullis.nft..",
            "io.portcullis.compiler.read..",
            "io.portcullis.compiler.publish..",
            "io.portcullis.compiler.past..",
            "io.portcullis.compiler.rest..")
        .never(new String[] {"io.portcullis.compiler.state.."}, "io.portcullis.ruleset..")
        .never(new String[] {"io.portcullis.compiler.read.."}, "io.portcullis.compiler.publish..")
        .never(new String[] {CORES[0], CORES[1]}, "io.portcullis.compiler.explain..")
        .noCycles();
  }
}
