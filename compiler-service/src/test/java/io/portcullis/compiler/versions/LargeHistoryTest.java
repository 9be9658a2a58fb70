package io.portcullis.compiler.versions;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.compiler.SharedBroker;
import io.portcullis.history.Commit;
import io.portcullis.history.NodePosition;
import io.portcullis.history.Progress;
import io.portcullis.json.Json;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.Element;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.NodeRecord.AddressSet;
import io.portcullis.ruleset.NodeRecord.Member;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;
import io.portcullis.ruleset.SetContent;
import io.portcullis.ruleset.SetId;
import io.portcullis.ruleset.SetKind;
import io.portcullis.topic.KafkaSettings;
import io.portcullis.topic.TopicAdmin;
import io.portcullis.topic.TopicReader;
import io.portcullis.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;

/** A node with many records in a shard where much else is committed. */
class LargeHistoryTest {
  private static final String NODE = "large";
  private static final int RECORDS = 100_000;
  private static final int COMMITS = 300;

  /** Of other nodes between two of this one. */
  private static final int OTHERS = 100;

  /** Many times what it takes on a machine that has nothing else to do. */
  private static final Duration BOUND = Duration.ofSeconds(30);

  private final SetId set = SetId.of(SetKind.HOSTS, Family.V4, "all");
  private final long begun = System.currentTimeMillis() * 1_000;

  @Test
  void anyVersionIsRebuiltSoon() throws Exception {
    var settings = new KafkaSettings(SharedBroker.get().settings());
    try (var admin = new TopicAdmin(settings);
        var producer = new KafkaProducer<String, byte[]>(settings.producer())) {
      admin.ensure(List.of(Topics.history(Duration.ofDays(7), 1L << 34), Topics.progress()));
      var last = fill(producer, admin);
      var versions = new VersionStore(new TopicReader(settings, admin));
      for (var commit : List.of(COMMITS - 1, COMMITS / 2, 0)) {
        var from = System.nanoTime();
        var found = versions.past(new Versioned.OfNode(NODE), begun + commit);
        var took = Duration.ofNanos(System.nanoTime() - from);
        System.out.println("version " + commit + " rebuilt in " + took.toMillis() + " ms");
        assertThat(found).isInstanceOf(Past.Found.class);
        assertThat(((Past.Found) found).version().rules().size()).isEqualTo(RECORDS + 1 + commit);
        assertThat(took).isLessThan(BOUND);
      }
      assertThat(
              ((Past.Found) versions.past(new Versioned.OfNode(NODE), begun + COMMITS - 1))
                  .version()
                  .rules())
          .isEqualTo(last);
      assertThat(versions.past(new Versioned.OfNode(NODE), begun + COMMITS))
          .isInstanceOf(Past.Unknown.class);
    } finally {
      SharedBroker.get().deleteTopics();
    }
  }

  private RuleSet fill(KafkaProducer<String, byte[]> producer, TopicAdmin admin) throws Exception {
    var shard = Topics.shardOf(NODE);
    var members = IntStream.range(0, RECORDS).mapToObj(LargeHistoryTest::element).toList();
    var rules = RuleSet.of(List.of(), List.of(SetContent.of(new AddressSet(set, "all"), members)));
    var snapshot =
        send(
            producer,
            shard,
            Commit.snapshot(NODE, marker(0, rules), rules, Commit.NONE, Commit.NONE));
    var previous = snapshot;
    for (var commit = 1; commit < COMMITS; commit++) {
      for (var other = 0; other < OTHERS; other++) {
        producer.send(new ProducerRecord<>(Topics.HISTORY, shard, "other-" + other, new byte[200]));
      }
      var draft = new RuleSetChange.Draft(rules);
      draft.put(new Member(set, element(RECORDS + commit)));
      var change = draft.done();
      rules = change.applyTo(rules);
      previous =
          send(
              producer,
              shard,
              Commit.changes(NODE, marker(commit, rules), change, previous, snapshot));
    }
    tellProgress(producer, admin, shard, previous, snapshot, rules);
    return rules;
  }

  private void tellProgress(
      KafkaProducer<String, byte[]> producer,
      TopicAdmin admin,
      int shard,
      long commit,
      long snapshot,
      RuleSet rules)
      throws Exception {
    var id = admin.ids(List.of(Topics.HISTORY)).get(Topics.HISTORY);
    var position =
        new NodePosition(
            begun + COMMITS - 1,
            "",
            rules.size(),
            begun,
            commit,
            snapshot,
            COMMITS - 1,
            COMMITS - 1,
            begun,
            Optional.empty());
    put(producer, shard, NodePosition.key(NODE), position);
    put(producer, shard, Progress.key(shard), new Progress(shard, "", 0, 0, id, begun));
    producer.flush();
  }

  private static void put(
      KafkaProducer<String, byte[]> producer, int shard, String key, Object value) {
    producer.send(new ProducerRecord<>(Topics.progress().name(), shard, key, Json.bytes(value)));
  }

  private static long send(KafkaProducer<String, byte[]> producer, int shard, List<Commit> parts)
      throws Exception {
    var sent = new ArrayList<Future<RecordMetadata>>();
    for (var part : parts) {
      sent.add(
          producer.send(new ProducerRecord<>(Topics.HISTORY, shard, part.node(), part.bytes())));
    }
    return sent.getFirst().get().offset();
  }

  private static Element element(int number) {
    return new Element.Host(
        IpAddress.parse("10.%d.%d.%d".formatted(number >> 16, number >> 8 & 255, number & 255)));
  }

  private Marker marker(int number, RuleSet rules) {
    return new Marker(
        begun + number,
        new Marker.Content(rules, ""),
        new Marker.Compilation(
            new Marker.ClusterPosition("", 0),
            new Marker.Shard(0, Topics.SHARDS),
            begun,
            List.of(),
            "test"));
  }
}
