package io.portcullis.cluster;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcullis.json.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SyncedTest {
  @Test
  void withoutATopicItIsUnreadable() {
    var bytes = "{\"source\": \"a\", \"clockMicros\": 1}".getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> Json.read(bytes, Synced.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("topicId: missing");
  }
}
