package io.portcullis.compiler.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.cluster.Synced;
import io.portcullis.compiler.replica.ClusterReplica;
import io.portcullis.compiler.versions.Versioned;
import io.portcullis.json.Json;
import io.portcullis.net.IpAddress;
import io.portcullis.policy.rules.WideSetPolicy;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecords;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.topic.ShardContent.Kind;
import io.portcullis.topic.ShardContent.ShardTopic;
import io.portcullis.topic.TopicChanges;
import io.portcullis.topic.TopicContent;
import io.portcullis.topic.TopicFollower.Reading;
import io.portcullis.topic.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What another compiler writes, as one that follows it knows it. */
class FollowedVersionsTest {
  private static final Versioned NODE = new Versioned.OfNode("n1");
  private static final String TOPIC_ID = "topic";
  private static final int RECORDS = 8;

  @Property(tries = 500)
  void whatIsKnownAndWhatCameSinceIsWhatThereIs(@ForAll Random random) {
    var before = randomValues(random);
    var after = randomValues(random);
    var changes = new HashMap<String, Optional<byte[]>>();
    before.keySet().forEach(key -> changes.put(key, Optional.empty()));
    after.forEach((key, value) -> changes.put(key, Optional.of(value)));
    assertThat(PublishedVersion.of(NODE, TOPIC_ID, before).with(NODE, changes))
        .isEqualTo(PublishedVersion.of(NODE, TOPIC_ID, after));
  }

  private static SortedMap<String, byte[]> randomValues(Random random) {
    var values = new TreeMap<String, byte[]>();
    for (var i = 0; i < RECORDS; i++) {
      switch (random.nextInt(3)) {
        case 0 -> put(values, endpoint(i, random.nextInt(2)));
        case 1 -> values.put(endpoint(i, 0).key(), new byte[] {1});
        default -> values.remove(endpoint(i, 0).key());
      }
    }
    if (random.nextBoolean()) {
      values.put(Marker.KEY, Json.bytes(marker(random.nextInt(3), RuleSet.EMPTY)));
    }
    return values;
  }

  @Test
  void changesThatDoNotLeadToWhatTheMarkerSaysWereNotAll() {
    var shard = shardWithNode();
    var topic = new ShardTopic(NODE.topic(), 0, Kind.COMPACTED);
    assertThat(shard.followed()).contains(topic);
    var first = rules(1);
    assertThat(shard.restored(topic, new TopicContent(TOPIC_ID, values(first, 1), 10)).take())
        .isTrue();

    var second = rules(2);
    var lacking = new TreeMap<String, Optional<byte[]>>();
    lacking.put(Marker.KEY, Optional.of(Json.bytes(marker(2, second))));
    assertThat(shard.restored(topic, new TopicChanges(TOPIC_ID, lacking, 12)).take()).isFalse();
    assertThat(shard.checkpoint(topic)).isEmpty();

    assertThat(shard.restored(topic, new TopicContent(TOPIC_ID, values(second, 2), 12)).take())
        .isTrue();
    var third = rules(3);
    var all = new TreeMap<String, Optional<byte[]>>();
    values(third, 3).forEach((key, value) -> all.put(key, Optional.of(value)));
    assertThat(shard.restored(topic, new TopicChanges(TOPIC_ID, all, 15)).take()).isTrue();
    assertThat(shard.checkpoint(topic))
        .hasValueSatisfying(k -> assertThat(k.position()).isEqualTo(15));
  }

  private static NodeShard shardWithNode() {
    var objects =
        List.<ClusterObject>of(
            new ClusterObject.Node(
                ObjectKey.node("n1"),
                new Origin("test", "", 0, 1),
                Map.of(),
                List.of(),
                List.of()));
    var values = new TreeMap<String, byte[]>();
    objects.forEach(object -> values.put(object.key().toString(), Json.bytes(object)));
    values.put(Synced.KEY, Json.bytes(new Synced(TOPIC_ID, "test", Map.of(), 0)));
    var reading = new ClusterReplica();
    reading.apply(new Reading.Restored(new TopicContent(TOPIC_ID, values, values.size())));
    var compiled = new CompiledCluster(reading, Set.of(), WideSetPolicy.NEVER);
    var shard =
        new NodeShard(
            Topics.shardOf("n1"),
            compiled,
            new VersionSettings(
                new VersionSettings.History(Duration.ofDays(7), 1L << 34, 100),
                Duration.ofHours(1),
                WideSetPolicy.NEVER,
                "test"),
            () -> Duration.ofDays(20_000).toNanos() / 1_000);
    compiled.catchUp();
    shard.catchUp();
    return shard;
  }

  /** So many endpoints. */
  private static RuleSet rules(int endpoints) {
    return RuleSet.of(IntStream.range(0, endpoints).mapToObj(i -> endpoint(i, 0)).toList());
  }

  private static SortedMap<String, byte[]> values(RuleSet rules, int number) {
    var values = new TreeMap<String, byte[]>();
    rules.records().values().forEach(item -> put(values, item));
    values.put(Marker.KEY, Json.bytes(marker(number, rules)));
    return values;
  }

  private static void put(Map<String, byte[]> values, NodeRecord item) {
    values.put(item.key(), NodeRecords.bytes(item));
  }

  private static NodeRecord endpoint(int number, int pod) {
    return new NodeRecord.Endpoint(
        IpAddress.parse("10.0.0." + number),
        "shop/pod-" + pod,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static Marker marker(int number, RuleSet rules) {
    return new Marker(
        number,
        new Marker.Content(rules, TOPIC_ID),
        new Marker.Compilation(
            new Marker.ClusterPosition(TOPIC_ID, 1),
            new Marker.Shard(0, Topics.SHARDS),
            1,
            List.of(),
            "test"));
  }
}
