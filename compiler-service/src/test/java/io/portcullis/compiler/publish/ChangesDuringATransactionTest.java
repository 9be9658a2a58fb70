package io.portcullis.compiler.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.Node;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.cluster.Synced;
import io.portcullis.compiler.replica.ClusterReplica;
import io.portcullis.json.Json;
import io.portcullis.net.IpAddress;
import io.portcullis.policy.rules.WideSetPolicy;
import io.portcullis.topic.ShardContent.Difference;
import io.portcullis.topic.TopicContent;
import io.portcullis.topic.TopicFollower.Change;
import io.portcullis.topic.TopicFollower.Reading;
import io.portcullis.topic.Topics;
import io.portcullis.topic.Writings;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Changes that come while a node's version is being written. */
class ChangesDuringATransactionTest {
  private static final String TOPIC_ID = "topic";
  private static final Origin ORIGIN = new Origin("test", "", 0, 1);

  private final ClusterReplica replica = new ClusterReplica();
  private final CompiledCluster compiled =
      new CompiledCluster(replica, Set.of(), WideSetPolicy.NEVER);
  private final NodeShard shard =
      new NodeShard(
          Topics.shardOf("n1"),
          compiled,
          new VersionSettings(
              new VersionSettings.History(Duration.ofDays(7), 1L << 34, 100),
              Duration.ofHours(1),
              WideSetPolicy.NEVER,
              "test"),
          () -> Duration.ofDays(20_000).toNanos() / 1_000);

  @Test
  void aChangeThatComesWhileTheNodeIsWrittenIsWrittenNext() throws Exception {
    restore(new Node(ObjectKey.node("n1"), ORIGIN, Map.of(), List.of(), List.of()));
    var first = difference();
    change(pod("web", "10.0.0.1"), 2);
    assertThat(Writings.of(first)).doesNotContainKey("endpoint/10.0.0.1");
    first.committed();
    assertThat(shard.behind()).isEqualTo(1);
    var second = difference();
    change(pod("api", "10.0.0.2"), 3);
    assertThat(Writings.of(second)).containsKey("endpoint/10.0.0.1");
    second.committed();
    var third = difference();
    assertThat(Writings.of(third)).containsKey("endpoint/10.0.0.2");
    third.committed();
    assertThat(shard.behind()).isZero();
  }

  @Test
  void aChangeThatComesBeforeATransactionIsTriedAgainIsPartOfIt() throws Exception {
    restore(new Node(ObjectKey.node("n1"), ORIGIN, Map.of(), List.of(), List.of()));
    difference();
    change(pod("web", "10.0.0.1"), 2);
    var again = difference();
    assertThat(Writings.of(again)).containsKey("endpoint/10.0.0.1");
    again.committed();
    assertThat(shard.behind()).isZero();
  }

  private void restore(ClusterObject object) {
    var values = new TreeMap<String, byte[]>();
    values.put(object.key().toString(), Json.bytes(object));
    values.put(Synced.KEY, Json.bytes(new Synced(TOPIC_ID, "test", Map.of(), 0)));
    replica.apply(new Reading.Restored(new TopicContent(TOPIC_ID, values, values.size())));
    catchUp();
    for (var topic : shard.topics()) {
      var nothing = new TopicContent(topic.spec().name(), Collections.emptySortedMap(), 0);
      assertThat(shard.restored(topic, nothing).take()).isTrue();
    }
  }

  private void change(ClusterObject object, long offset) {
    var change =
        new Change(
            object.key().toString(),
            Optional.of(Json.bytes(object)),
            Optional.empty(),
            offset,
            offset);
    replica.apply(new Reading.Changes(List.of(change), offset + 1));
    catchUp();
  }

  private void catchUp() {
    compiled.catchUp();
    shard.catchUp();
  }

  private Difference difference() {
    shard.prepare();
    return shard.difference().orElseThrow();
  }

  private static Pod pod(String name, String address) {
    return new Pod(
        ObjectKey.pod("shop", name),
        ORIGIN,
        Map.of(),
        "n1",
        List.of(IpAddress.parse(address)),
        false,
        false,
        0,
        List.of());
  }
}
