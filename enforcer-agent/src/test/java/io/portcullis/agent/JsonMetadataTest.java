package io.portcullis.agent;

import io.portcullis.json.JsonMetadata;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class JsonMetadataTest {
  @Test
  void aNativeImageKnowsWhatIsReadAndWrittenAsJson() throws IOException {
    JsonMetadata.check(
        "enforcer-agent",
        "io.portcullis.agent.rest",
        "io.portcullis.agent.drift",
        "io.portcullis.agent.guard",
        "io.portcullis.agent.state");
  }
}
