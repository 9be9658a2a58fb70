package io.portcullis.agent.process;

import static io.portcullis.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.Direction;
import io.portcullis.json.Json;
import io.portcullis.net.Family;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.Element;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.NodeRecords;
import io.portcullis.ruleset.Ports;
import io.portcullis.ruleset.Rule;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;
import io.portcullis.ruleset.SetId;
import io.portcullis.ruleset.SetKind;
import io.portcullis.topic.KafkaSettings;
import io.portcullis.topic.TopicAdmin;
import io.portcullis.topic.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A set that is published once, beside the node's topic. */
class WideSetsIT {
  @RegisterExtension static final AgentStages STAGES = new AgentStages();

  private static final SetId SET = SetId.of(SetKind.HOSTS, Family.V4, "everybody");
  private static final Chain CHAIN =
      Chain.of(
          Direction.INGRESS,
          Family.V4,
          List.of(new Rule(Optional.of(SET), Ports.ANY, Action.ACCEPT, List.of())),
          Action.DENY);

  /** Writes the set as the compiler does that owns its shard. */
  private static final class SetWriter implements AutoCloseable {
    private final KafkaProducer<String, byte[]> producer;
    private final String topicId;
    private RuleSet written = RuleSet.EMPTY;
    private long number;

    SetWriter(KafkaSettings settings) {
      try (var admin = new TopicAdmin(settings)) {
        admin.ensure(List.of(Topics.sets()));
        topicId = admin.ids(List.of(Topics.sets().name())).get(Topics.sets().name());
      }
      var all = new HashMap<>(settings.producer());
      all.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "test-sets");
      producer = new KafkaProducer<>(all);
      producer.initTransactions();
    }

    Marker.Wide write(long position, String... members) {
      var content = content(members);
      var change = RuleSetChange.between(written, content);
      var digest = content.digest().hex();
      producer.beginTransaction();
      change.removals().keySet().forEach(key -> send(key, null));
      change.puts().forEach((key, item) -> send(key, NodeRecords.bytes(item)));
      var marker =
          new Marker(
              ++number,
              new Marker.Content(digest, content.size(), topicId),
              new Marker.Compilation(
                  new Marker.ClusterPosition("", position),
                  new Marker.Shard(0, Topics.SHARDS),
                  1,
                  List.of(),
                  "test"));
      send(Marker.KEY + "/" + SET, Json.bytes(marker));
      producer.commitTransaction();
      written = content;
      return new Marker.Wide(SET, digest, position);
    }

    void remove() {
      producer.beginTransaction();
      written.records().keySet().forEach(key -> send(key, null));
      send(Marker.KEY + "/" + SET, null);
      producer.commitTransaction();
      written = RuleSet.EMPTY;
    }

    private void send(String key, byte[] value) {
      producer.send(
          new ProducerRecord<>(Topics.sets().name(), Topics.shardOf(SET.toString()), key, value));
    }

    @Override
    public void close() {
      producer.close();
    }
  }

  private static RuleSet content(String... members) {
    var records = new ArrayList<NodeRecord>(List.of(new NodeRecord.AddressSet(SET, "everybody")));
    for (var member : members) {
      records.add(new NodeRecord.Member(SET, Element.parse(member)));
    }
    return RuleSet.of(records);
  }

  private static RuleSet whole(RuleSet node, String... members) {
    return node.with(content(members).sets());
  }

  @Test
  void aVersionWaitsForItsWideSetAndGoesOnWithItAlsoWhereItBecomesNarrow() throws Exception {
    STAGES.inside(
        Map.of(),
        stage -> {
          var node = RuleSet.of(List.of(CHAIN));
          var needed = new Marker.Wide(SET, content("10.0.0.1", "10.0.0.2").digest().hex(), 10);
          var number = stage.writer().write(node, List.of(needed));
          await().untilAsserted(() -> assertThat(stage.agent().log()).contains("waiting for set/"));
          assertThat(stage.agent().isReady()).isFalse();
          assertThat(stage.namespace().run("", "nft", "list", "tables").orThrow())
              .doesNotContain("portcullis");
          try (var sets = new SetWriter(new KafkaSettings(stage.broker().settings()))) {
            sets.write(5, "10.0.0.1");
            sets.write(9, "10.0.0.1", "10.0.0.2"); // what is needed, whatever its position
            stage.enforcedSoon(whole(node, "10.0.0.1", "10.0.0.2"), number);
            assertThat(stage.commits()).as("commits, none of the set's first state").isOne();
            stage.appliedSoon(number);
            assertThat(stage.applied().digest()).isEqualTo(node.digest().hex());
            assertThat(stage.applied().kernelDigest()).contains(node.digest().hex());

            var changed = sets.write(12, "10.0.0.3");
            stage.enforcedSoon(whole(node, "10.0.0.3"), number);
            await()
                .untilAsserted(
                    () ->
                        assertThat(stage.applied().wide())
                            .singleElement()
                            .satisfies(
                                wide -> {
                                  assertThat(wide.set()).isEqualTo(SET);
                                  assertThat(wide.version()).isEqualTo(3);
                                  assertThat(wide.digest()).isEqualTo(changed.digest());
                                }));

            stage.agent().killHard();
            sets.write(13, "10.0.0.4");
            stage.agent().start();
            stage.enforcedSoon(whole(node, "10.0.0.4"), number);

            var commits = stage.commits();
            sets.remove();
            sets.write(14, "10.0.0.4", "10.0.0.6");
            stage.enforcedSoon(whole(node, "10.0.0.4", "10.0.0.6"), number);
            assertThat(stage.commits()).as("commits, none of the removal").isEqualTo(commits + 1);

            sets.remove();
            var narrow = whole(node, "10.0.0.5");
            stage.enforcedSoon(narrow, stage.writer().write(narrow));
          }
        });
  }
}
