package io.portcullis.compiler.past;

import io.portcullis.history.NodePosition;
import io.portcullis.history.Progress;
import io.portcullis.history.ShardProgress;
import io.portcullis.json.Json;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecords;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.topic.TopicContent;
import io.portcullis.topic.TopicReader;
import io.portcullis.topic.Topics;
import java.util.ArrayList;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/**
 * Versions of any node, present and past, whichever replica wrote them. Its methods throw {@link
 * org.apache.kafka.common.KafkaException} when the broker does not answer.
 */
public final class Versions {
  private final TopicReader reader;

  public Versions(TopicReader reader) {
    this.reader = reader;
  }

  /** What was found of a past version. */
  public sealed interface Past {
    record Found(Version version) implements Past {}

    /** No such version was ever committed. */
    record Unknown(String reason) implements Past {}

    /** It is older than what history keeps. */
    record Gone(String reason) implements Past {}
  }

  /** Where every node of the cluster stands. */
  public SortedMap<String, NodePosition> positions() {
    var partitions =
        IntStream.range(0, Topics.SHARDS)
            .mapToObj(shard -> new TopicPartition(Topics.progress().name(), shard))
            .toList();
    var positions = new TreeMap<String, NodePosition>();
    reader
        .contents(partitions)
        .values()
        .forEach(content -> positions.putAll(ShardProgress.of(content.values()).nodes()));
    positions.values().removeIf(position -> position.gone().isPresent());
    return positions;
  }

  /** The newest version of a node; absent before its first. */
  public Optional<Version> present(String node) {
    return reader.content(Topics.node(node).name(), 0).flatMap(Versions::version);
  }

  private static Optional<Version> version(TopicContent content) {
    var records = new ArrayList<NodeRecord>();
    content
        .values()
        .forEach(
            (key, value) -> {
              if (!key.equals(Marker.KEY)) {
                records.add(NodeRecords.parse(key, value));
              }
            });
    return Optional.ofNullable(content.values().get(Marker.KEY))
        .map(value -> new Version(Json.read(value, Marker.class), RuleSet.of(records)));
  }

  /** A version of a node by its number; also of one that is gone, while history has it. */
  public Past past(String node, long number) {
    var shard = Topics.shardOf(node);
    var progress =
        reader
            .content(Topics.progress().name(), shard)
            .map(content -> ShardProgress.of(content.values()))
            .orElse(ShardProgress.NONE);
    var position = Optional.ofNullable(progress.nodes().get(node));
    if (position.isEmpty()) {
      return new Past.Unknown("node " + node + " has no versions");
    }
    if (number > position.get().version()) {
      return new Past.Unknown(
          "node " + node + ": its newest version is " + position.get().version());
    }
    if (!position.get().hasHistory()
        || !reader.id(Topics.HISTORY).equals(progress.shard().map(Progress::historyTopicId))) {
      return new Past.Gone(Topics.HISTORY + " was made anew since");
    }
    try (var log = reader.open(Topics.HISTORY, shard)) {
      return new Rebuilding(log, node, number).from(position.get());
    } catch (OffsetOutOfRangeException _) {
      return new Past.Gone("node " + node + ": version " + number + " is older than history");
    }
  }
}
