package io.portcullis.json;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class JsonMetadataTest {
  @Test
  void aNativeImageKnowsWhatIsReadAndWrittenAsJson() throws IOException {
    JsonMetadata.check(
        "model",
        "io.portcullis.net",
        "io.portcullis.cluster",
        "io.portcullis.ruleset",
        "io.portcullis.nft");
  }
}
