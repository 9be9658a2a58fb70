package io.portcullis.compiler;

import io.portcullis.json.JsonMetadata;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class JsonMetadataTest {
  @Test
  void aNativeImageKnowsWhatIsReadAndWrittenAsJson() throws IOException {
    JsonMetadata.check("compiler-service", "io.portcullis.compiler.rest");
  }
}
