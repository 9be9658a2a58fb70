package io.portcullis.watcher;

import io.portcullis.ImportRules;
import org.junit.jupiter.api.Test;

class ImportRuleTest {
  private static final String[] READING = {
    "io.portcullis.watcher.source..",
    "io.portcullis.watcher.manifest..",
    "io.portcullis.watcher.directory.."
  };

  @Test
  void importsFollowTheData() {
    ImportRules.of("io.portcullis.watcher")
        .plain(READING)
        .never(
            READING,
            "io.portcullis.topic..",
            "io.portcullis.ruleset..",
            "io.portcullis.nft..",
            "io.portcullis.watcher.publish..",
            "io.portcullis.watcher.rest..")
        .cores("io.portcullis.watcher.source..")
        .never(
            new String[] {READING[0]},
            "io.portcullis.watcher.manifest..",
            "io.portcullis.watcher.directory..")
        .noCycles();
  }
}
