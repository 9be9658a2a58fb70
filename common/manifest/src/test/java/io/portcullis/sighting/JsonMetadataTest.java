package io.portcullis.sighting;

import io.portcullis.json.JsonMetadata;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class JsonMetadataTest {
  @Test
  void aNativeImageKnowsWhatIsReadAndWrittenAsJson() throws IOException {
    JsonMetadata.check("manifest", "io.portcullis.sighting");
  }
}
