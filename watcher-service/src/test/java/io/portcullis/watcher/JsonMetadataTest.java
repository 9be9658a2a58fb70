package io.portcullis.watcher;

import io.portcullis.json.JsonMetadata;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class JsonMetadataTest {
  @Test
  void aNativeImageKnowsWhatIsReadAndWrittenAsJson() throws IOException {
    JsonMetadata.check(
        "watcher-service", "io.portcullis.watcher.rest", "io.portcullis.watcher.source");
  }
}
