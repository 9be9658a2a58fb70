package io.portcullis.watcher.status;

import io.portcullis.history.ShardProgress;
import io.portcullis.json.Json;
import io.portcullis.ruleset.Applied;
import io.portcullis.topic.TopicContent;
import io.portcullis.topic.TopicReader;
import io.portcullis.topic.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads how far compilers and agents have come. It keeps answers: of thousands of agents it reads
 * only those again that may have something new to say. One thread uses it.
 */
final class RolloutReader {
  private static final Logger LOG = LoggerFactory.getLogger(RolloutReader.class);

  private final TopicReader topics;
  private final Map<String, Applied> answers = new HashMap<>();

  /** Names what nodes should hold: all that is before that position of the cluster topic. */
  record Wanted(String clusterTopicId, long position) {}

  RolloutReader(TopicReader topics) {
    this.topics = topics;
  }

  /**
   * Reads the progress of all shards, and the newest answers of those nodes that are not known to
   * hold all that is wanted. Throws {@link org.apache.kafka.common.KafkaException} when the broker
   * does not answer.
   */
  Rollout read(Collection<Wanted> wanted) {
    var shards =
        topics
            .contents(
                IntStream.range(0, Topics.SHARDS)
                    .mapToObj(shard -> new TopicPartition(Topics.progress().name(), shard))
                    .toList())
            .values()
            .stream()
            .map(TopicContent::values)
            .map(ShardProgress::of)
            .toList();
    answers.keySet().retainAll(Rollout.nodes(shards));
    var known = new Rollout(shards, answers);
    readAnswers(
        wanted.stream()
            .flatMap(what -> known.unanswered(what.clusterTopicId(), what.position()).stream())
            .collect(Collectors.toSet()));
    return new Rollout(shards, answers);
  }

  private void readAnswers(Set<String> nodes) {
    if (nodes.isEmpty()) {
      return;
    }
    var partitions =
        nodes.stream()
            .collect(
                Collectors.toMap(
                    node -> new TopicPartition(Topics.applied(node, Duration.ZERO).name(), 0),
                    Function.identity()));
    topics
        .newest(partitions.keySet())
        .forEach(
            (partition, value) -> {
              try {
                answers.put(partitions.get(partition), Json.read(value, Applied.class));
              } catch (IllegalArgumentException e) {
                LOG.warn("{}: {}; it does not count", partition.topic(), e.getMessage());
              }
            });
  }
}
