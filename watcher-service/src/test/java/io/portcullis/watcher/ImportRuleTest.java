package io.portcullis.watcher;

import io.portcullis.ImportRules;
import org.junit.jupiter.api.Test;

class ImportRuleTest {
  private static final String SOURCE = "io.portcullis.watcher.source..";
  private static final String DIRECTORY = "io.portcullis.watcher.directory..";

  @Test
  void importsFollowTheData() {
    ImportRules.of("io.portcullis.watcher")
        .plain(DIRECTORY)
        .cores(SOURCE)
        .never(
            new String[] {SOURCE, DIRECTORY},
            "io.portcullis.topic..",
            "io.portcullis.ruleset..",
            "io.portcullis.nft..",
            "io.portcullis.watcher.publish..",
            "io.portcullis.watcher.rest..")
        .never(new String[] {SOURCE}, DIRECTORY)
        .noCycles()
        .noFileCircles()
        .noLongFiles();
  }
}
