package io.portcullis.compiler.past;

import io.portcullis.history.Commit;
import io.portcullis.history.Progress;
import io.portcullis.history.Progress.NodePosition;
import io.portcullis.json.Json;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecords;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.topic.TopicContent;
import io.portcullis.topic.TopicReader;
import io.portcullis.topic.Topics;
import java.util.ArrayList;
import java.util.List;
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

  /** Where every node stands. */
  public SortedMap<String, NodePosition> positions() {
    var partitions =
        IntStream.range(0, Topics.SHARDS)
            .mapToObj(shard -> new TopicPartition(Topics.progress().name(), shard))
            .toList();
    var positions = new TreeMap<String, NodePosition>();
    reader
        .contents(partitions)
        .values()
        .forEach(
            content ->
                content
                    .values()
                    .values()
                    .forEach(value -> positions.putAll(Json.read(value, Progress.class).nodes())));
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

  /** A version of a node by its number. */
  public Past past(String node, long number) {
    var shard = Topics.shardOf(node);
    var progress = progress(shard);
    var position = progress.map(p -> p.nodes().get(node));
    if (position.isEmpty()) {
      return new Past.Unknown("node " + node + " has no versions");
    }
    if (number > position.get().version()) {
      return new Past.Unknown(
          "node " + node + ": its newest version is " + position.get().version());
    }
    if (!reader.id(Topics.HISTORY).equals(progress.map(Progress::historyTopicId))) {
      return new Past.Gone(Topics.HISTORY + " was made anew since");
    }
    try {
      return fromSnapshots(node, number, shard, position.get().snapshot());
    } catch (OffsetOutOfRangeException _) {
      return new Past.Gone("node " + node + ": version " + number + " is older than history");
    }
  }

  private Optional<Progress> progress(int shard) {
    return reader
        .content(Topics.progress().name(), shard)
        .flatMap(content -> Optional.ofNullable(content.values().get(Integer.toString(shard))))
        .map(value -> Json.read(value, Progress.class));
  }

  /** Back from snapshot to snapshot, until one is not newer than the version. */
  private Past fromSnapshots(String node, long number, int shard, long newest) {
    for (var at = newest; at != Commit.NONE; ) {
      var snapshot = commitAt(shard, at);
      if (snapshot.marker().number() <= number) {
        return forward(node, number, shard, at);
      }
      at = snapshot.snapshot();
    }
    return new Past.Gone("node " + node + ": version " + number + " is older than its history");
  }

  private Commit commitAt(int shard, long offset) {
    var found = new ArrayList<Commit>();
    reader.read(
        Topics.HISTORY,
        shard,
        offset,
        item -> {
          found.add(Json.read(item.value(), Commit.class));
          return false;
        });
    return found.getFirst();
  }

  private Past forward(String node, long number, int shard, long from) {
    var rules = new ArrayList<>(List.of(RuleSet.EMPTY));
    var marker = new ArrayList<Marker>();
    reader.read(
        Topics.HISTORY,
        shard,
        from,
        item -> {
          if (!item.key().equals(node)) {
            return true;
          }
          var commit = Json.read(item.value(), Commit.class);
          if (commit.marker().number() > number) {
            return false;
          }
          rules.set(0, commit.applyTo(rules.getFirst()));
          marker.add(commit.marker());
          return true;
        });
    var last = marker.getLast();
    if (last.number() != number) {
      return new Past.Unknown(
          "node " + node + " had no version " + number + "; the one before it is " + last.number());
    }
    return new Past.Found(new Version(last, rules.getFirst()));
  }
}
