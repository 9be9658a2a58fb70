package io.portcullis.policy;

import io.portcullis.json.JsonMetadata;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class JsonMetadataTest {
  @Test
  void aNativeImageKnowsWhatIsReadAndWrittenAsJson() throws IOException {
    JsonMetadata.check("policy", "io.portcullis.policy.explain", "io.portcullis.policy.rules");
  }
}
