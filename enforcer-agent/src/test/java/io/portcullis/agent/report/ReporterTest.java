package io.portcullis.agent.report;

import static io.portcullis.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.json.Json;
import io.portcullis.ruleset.Applied;
import io.portcullis.topic.KafkaSettings;
import io.portcullis.topic.TestBroker;
import io.portcullis.topic.TopicAdmin;
import io.portcullis.topic.TopicReader;
import io.portcullis.topic.TopicSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Answers that are not taken are told, and are taken as soon as they can be. */
class ReporterTest {
  private static final TopicSpec TOPIC = new TopicSpec("answers", 1, Map.of());

  @AutoClose private static final TestBroker BROKER = new TestBroker();

  @Test
  void aTopicOfAnotherShapeIsToldAndTheAnswerComesWhenItIsRight() throws Exception {
    var settings = new KafkaSettings(BROKER.settings());
    try (var admin = new TopicAdmin(settings)) {
      admin.ensure(List.of(new TopicSpec(TOPIC.name(), 2, Map.of())));
      try (var reporter = new Reporter(settings, TOPIC)) {
        reporter.report(answer());
        awaitTrouble(reporter, "partitions");
        try (var client = Admin.create(BROKER.settings())) {
          client.deleteTopics(List.of(TOPIC.name())).all().get();
        }
        await().until(() -> reporter.trouble().isEmpty());
        var content = new TopicReader(settings, admin).content(TOPIC.name(), 0).orElseThrow();
        assertThat(Json.read(content.values().get("n1"), Applied.class)).isEqualTo(answer());
      }
    }
  }

  @Test
  void aProducerThatCannotBeMadeIsTold() {
    var settings = new HashMap<String, Object>(BROKER.settings());
    settings.put("buffer.memory", "-1");
    try (var reporter =
        new Reporter(new KafkaSettings(settings), new TopicSpec("others", 1, Map.of()))) {
      reporter.report(answer());
      awaitTrouble(reporter, "buffer.memory");
    }
  }

  private static void awaitTrouble(Reporter reporter, String reason) {
    await().until(() -> reporter.trouble().filter(told -> told.contains(reason)).isPresent());
  }

  private static Applied answer() {
    return new Applied(
        "n1",
        1,
        "t",
        "d",
        Optional.empty(),
        1,
        2,
        3,
        List.of(),
        Optional.empty(),
        new Applied.Agent("b", "n", "k"),
        List.of());
  }
}
