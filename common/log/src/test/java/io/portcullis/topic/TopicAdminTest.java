package io.portcullis.topic;

import io.portcullis.Patience;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Topics that a writer needs, whatever a broker still believes of them. */
@Execution(ExecutionMode.CONCURRENT)
class TopicAdminTest {
  private static final int TIMES = 50;

  @Test
  void aTopicThatWasDeletedTheMomentBeforeIsMade() {
    var broker = TestBroker.shared();
    var topic = new TopicSpec("deleted-often", 1, Map.of("cleanup.policy", "compact"));
    try (var admin = new TopicAdmin(broker.patient());
        var client = broker.companion()) {
      for (var i = 0; i < TIMES; i++) {
        admin.ensure(List.of(topic));
        Patience.await("a broker knows the topic")
            .until(() -> admin.ids(List.of(topic.name())).containsKey(topic.name()));
        client.topics().delete(topic.name());
      }
    }
  }
}
