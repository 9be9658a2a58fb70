package io.portcullis.topic;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Topics that a writer needs, whatever a broker still believes of them. */
@Execution(ExecutionMode.CONCURRENT)
class TopicAdminTest {
  private static final int TIMES = 50;

  @Test
  void aTopicThatWasDeletedTheMomentBeforeIsMade() throws Exception {
    try (var broker = new TestBroker();
        var admin = new TopicAdmin(new KafkaSettings(broker.settings()));
        var client = Admin.create(broker.settings())) {
      var topic = new TopicSpec("deleted-often", 1, Map.of("cleanup.policy", "compact"));
      for (int i = 0; i < TIMES; i++) {
        admin.ensure(List.of(topic));
        await()
            .atMost(20, SECONDS)
            .until(() -> admin.ids(List.of(topic.name())).containsKey(topic.name()));
        client.deleteTopics(List.of(topic.name())).all().get();
      }
    }
  }
}
