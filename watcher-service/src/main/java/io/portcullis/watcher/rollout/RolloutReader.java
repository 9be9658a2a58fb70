package io.portcullis.watcher.rollout;

import io.portcullis.history.Rollout;
import io.portcullis.history.ShardProgress;
import io.portcullis.json.Json;
import io.portcullis.ruleset.Applied;
import io.portcullis.topic.TopicContent;
import io.portcullis.topic.TopicReader;
import io.portcullis.topic.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads how far compilers and agents have come. */
final class RolloutReader {
  private static final Logger LOG = LoggerFactory.getLogger(RolloutReader.class);

  private final TopicReader topics;

  RolloutReader(TopicReader topics) {
    this.topics = topics;
  }

  /** Throws {@link org.apache.kafka.common.KafkaException} when the broker does not answer. */
  Rollout read() {
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
    var nodes =
        Rollout.nodes(shards).stream()
            .collect(
                Collectors.toMap(
                    node -> new TopicPartition(Topics.applied(node, Duration.ZERO).name(), 0),
                    Function.identity()));
    var answers = new HashMap<String, Applied>();
    topics
        .newest(nodes.keySet())
        .forEach(
            (partition, value) -> {
              try {
                answers.put(nodes.get(partition), Json.read(value, Applied.class));
              } catch (IllegalArgumentException e) {
                LOG.warn("{}: {}; it counts as no answer", partition.topic(), e.getMessage());
              }
            });
    return new Rollout(shards, answers);
  }
}
