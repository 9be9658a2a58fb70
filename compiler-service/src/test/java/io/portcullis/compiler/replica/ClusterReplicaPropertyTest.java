package io.portcullis.compiler.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Synced;
import io.portcullis.compiler.publish.CompiledCluster;
import io.portcullis.json.Json;
import io.portcullis.oracle.RandomClusters;
import io.portcullis.policy.rules.RuleSetCompiler;
import io.portcullis.policy.rules.WideSetPolicy;
import io.portcullis.policy.state.Cluster;
import io.portcullis.ruleset.DanglingReferences;
import io.portcullis.topic.TopicContent;
import io.portcullis.topic.TopicFollower.Change;
import io.portcullis.topic.TopicFollower.Reading;
import io.portcullis.topic.Topics;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** However a state of the cluster came about, the nodes get what that state alone would give. */
class ClusterReplicaPropertyTest {
  private static final String TOPIC_ID = "topic";
  private static final int MOST_STEPS = 6;

  @Property(tries = 150)
  void whatFollowsFromChangesIsWhatFollowsFromTheirEnd(@ForAll Random random) {
    var reading = new ClusterReplica();
    var compiled = new CompiledCluster(reading, Set.of(), WideSetPolicy.NEVER);
    var objects = new TreeMap<ObjectKey, ClusterObject>();
    restore(reading, RandomClusters.next(random), objects);
    compiled.catchUp();
    assertSameAsFromScratch(compiled, objects);
    for (var step = 0; step < MOST_STEPS; step++) {
      var put = change(reading, random, objects);
      assertThat(compiled.catchUp()).isEqualTo(shardsOfPods(put, objects));
      assertThat(compiled.catchUp()).isEmpty();
      assertSameAsFromScratch(compiled, objects);
    }
  }

  private static void restore(
      ClusterReplica reading,
      List<ClusterObject> first,
      TreeMap<ObjectKey, ClusterObject> objects) {
    var values = new TreeMap<String, byte[]>();
    for (var object : first) {
      objects.put(object.key(), object);
      values.put(object.key().toString(), Json.bytes(object));
    }
    values.put(Synced.KEY, Json.bytes(new Synced(TOPIC_ID, "test", Map.of(), 0)));
    reading.apply(new Reading.Restored(new TopicContent(TOPIC_ID, values, values.size())));
  }

  /** Where a pod came or changed its own node is told first. */
  private static Set<Integer> shardsOfPods(
      List<ObjectKey> put, TreeMap<ObjectKey, ClusterObject> objects) {
    var shards = new HashSet<Integer>();
    for (var key : put) {
      if (objects.get(key) instanceof Pod pod && !pod.node().isEmpty()) {
        shards.add(Topics.shardOf(pod.node()));
      }
    }
    return shards;
  }

  /**
   * Objects of another cluster come or take the place of one with their name; some go.
   *
   * @return those that came
   */
  private static List<ObjectKey> change(
      ClusterReplica reading, Random random, TreeMap<ObjectKey, ClusterObject> objects) {
    var changes = new ArrayList<Change>();
    var put = new ArrayList<ObjectKey>();
    for (var object : RandomClusters.next(random)) {
      if (random.nextInt(4) == 0) {
        objects.put(object.key(), object);
        put.add(object.key());
        changes.add(change(reading, object.key(), Optional.of(Json.bytes(object))));
      }
    }
    for (var key : List.copyOf(objects.keySet())) {
      if (random.nextInt(8) == 0) {
        objects.remove(key);
        changes.add(change(reading, key, Optional.empty()));
      }
    }
    reading.apply(new Reading.Changes(changes, reading.position() + changes.size()));
    return put;
  }

  private static Change change(ClusterReplica reading, ObjectKey key, Optional<byte[]> value) {
    return new Change(key.toString(), value, Optional.empty(), reading.position(), 0);
  }

  private static void assertSameAsFromScratch(
      CompiledCluster compiled, TreeMap<ObjectKey, ClusterObject> objects) {
    var cluster = new Cluster(objects.values());
    var fromScratch = new RuleSetCompiler(cluster, Set.of());
    assertThat(compiled.nodes()).isEqualTo(cluster.nodes());
    for (var node : cluster.nodes()) {
      var rules = compiled.narrow(node);
      assertThat(rules).isEqualTo(fromScratch.compile(node));
      assertThat(rules.digest()).isEqualTo(fromScratch.compile(node).digest());
      assertThat(DanglingReferences.of(rules)).isEmpty();
    }
  }
}
