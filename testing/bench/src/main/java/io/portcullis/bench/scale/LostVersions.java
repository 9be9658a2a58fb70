package io.portcullis.bench.scale;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.json.Json;
import io.portcullis.policy.rules.RuleSetCompiler;
import io.portcullis.policy.state.Cluster;
import io.portcullis.ruleset.Marker;
import io.portcullis.topic.TopicReader;
import io.portcullis.topic.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** Finds the nodes whose topics do not hold what the cluster, compiled from scratch, means. */
final class LostVersions {
  /** The time after which what was published last is compiled for all nodes, or lost. */
  private static final Duration ON_ITS_WAY = Duration.ofSeconds(60);

  private final List<String> nodes;
  private final TopicReader reader;
  private final RuleSetCompiler compiler = new RuleSetCompiler(new Cluster(List.of()), Set.of());

  /**
   * Compiles the cluster from scratch.
   *
   * @param objects the present objects of the cluster
   * @param nodes the names of the nodes
   * @param reader reads the nodes' topics
   */
  LostVersions(Collection<ClusterObject> objects, List<String> nodes, TopicReader reader) {
    this.nodes = nodes;
    this.reader = reader;
    var changed = new LinkedHashMap<ObjectKey, Optional<ClusterObject>>();
    objects.forEach(object -> changed.put(object.key(), Optional.of(object)));
    compiler.apply(changed);
  }

  /** Counts the lost versions, once none is on its way any more. */
  long count() throws InterruptedException {
    var until = System.nanoTime() + ON_ITS_WAY.toNanos();
    var lost = differing();
    while (lost > 0 && System.nanoTime() < until) {
      Thread.sleep(500);
      lost = differing();
    }
    return lost;
  }

  private long differing() {
    var topics = reader.contents(nodes.stream().map(LostVersions::partition).toList());
    return nodes.stream()
        .filter(
            node -> {
              var held = topics.get(partition(node)).values();
              var marker = Json.read(held.get(Marker.KEY), Marker.class);
              return !compiler.compile(node).digest().hex().equals(marker.digest());
            })
        .count();
  }

  private static TopicPartition partition(String node) {
    return new TopicPartition(Topics.node(node).name(), 0);
  }
}
