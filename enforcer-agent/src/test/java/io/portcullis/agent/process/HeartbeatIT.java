package io.portcullis.agent.process;

import static io.portcullis.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.history.Progress;
import io.portcullis.json.Json;
import io.portcullis.nft.GuardLease;
import io.portcullis.ruleset.RandomRuleSets;
import io.portcullis.topic.KafkaSettings;
import io.portcullis.topic.TopicAdmin;
import io.portcullis.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** C1: the packaged agent's guard follows the watcher's beat, not the compiler's records. */
class HeartbeatIT {
  @RegisterExtension static final AgentStages STAGES = new AgentStages();

  private static final int OPEN_AFTER_SECONDS = 4;

  @Test
  void c1_aCompilerWithoutAWatcherLetsTheGuardExpire() throws Exception {
    STAGES.inside(
        Map.of("PORTCULLIS_GUARD_OPEN_AFTER", OPEN_AFTER_SECONDS + "s"),
        stage -> {
          var rules = RandomRuleSets.next(new Random(7));
          stage.enforcedSoon(rules, stage.writer().write(rules));
          var settings = new KafkaSettings(STAGES.broker().settings());
          try (var admin = new TopicAdmin(settings);
              var compiler =
                  new KafkaProducer<>(
                      Map.<String, Object>of("bootstrap.servers", STAGES.broker().bootstrap()),
                      new StringSerializer(),
                      new ByteArraySerializer())) {
            admin.ensure(List.of(Topics.progress()));
            var beat = new long[] {1_000};
            await()
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(
                    () -> {
                      writeProgress(compiler, beat[0]++);
                      assertThat(stage.dump().guard()).isInstanceOf(GuardLease.For.class);
                      assertThat(stage.agent().health("ready").body())
                          .contains("active until", "lastBeat");
                      assertThat(stage.agent().metrics())
                          .contains(
                              "portcullis_agent_guard_active 1.0",
                              "portcullis_agent_guard_dropped");
                    });
            await()
                .pollInterval(Duration.ofMillis(500))
                .until(
                    () -> {
                      writeProgress(compiler, beat[0]); // goes on, and says nothing new
                      return stage.dump().guard() instanceof GuardLease.None;
                    });
            assertThat(stage.agent().health("ready").body()).contains("open since");
            await()
                .pollInterval(Duration.ofMillis(500))
                .until(
                    () -> {
                      writeProgress(compiler, beat[0]--); // a watcher with an older clock
                      return stage.dump().guard() instanceof GuardLease.For;
                    });
          }
        });
  }

  private static void writeProgress(KafkaProducer<String, byte[]> compiler, long beat)
      throws Exception {
    var progress = new Progress(0, "cluster", 1, beat, "history", System.nanoTime());
    compiler
        .send(new ProducerRecord<>(Topics.progress().name(), 0, "0", Json.bytes(progress)))
        .get();
  }
}
