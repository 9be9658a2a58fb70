package io.portcullis.compiler.versions;

import io.portcullis.history.NodePosition;
import io.portcullis.history.Progress;
import io.portcullis.history.ShardProgress;
import io.portcullis.json.Json;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecords;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.SetContent;
import io.portcullis.ruleset.SetId;
import io.portcullis.topic.TopicContent;
import io.portcullis.topic.TopicReader;
import io.portcullis.topic.Topics;
import java.util.ArrayList;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/**
 * Versions of any node and wide set, present and past, whichever replica wrote them. Its methods
 * throw {@link org.apache.kafka.common.KafkaException} when the broker does not answer.
 */
public final class VersionStore {
  private final TopicReader reader;

  public VersionStore(TopicReader reader) {
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
    positions
        .entrySet()
        .removeIf(
            place ->
                place.getValue().gone().isPresent()
                    || Versioned.parse(place.getKey()) instanceof Versioned.OfSet);
    return positions;
  }

  /**
   * The newest version; absent before the first. A set that it needs may be withdrawn while this
   * reads, when a newer version does without it: then that one is read.
   */
  public Optional<Version> present(Versioned unit) {
    var alone = alone(unit);
    while (alone.isPresent()) {
      var sets = new TreeMap<SetId, Version>();
      for (var need : alone.get().marker().wide()) {
        alone(new Versioned.OfSet(need.set())).ifPresent(set -> sets.put(need.set(), set));
      }
      var missing =
          alone.get().marker().wide().stream()
              .filter(need -> !sets.containsKey(need.set()))
              .findFirst();
      if (missing.isEmpty()) {
        return Optional.of(joined(alone.get(), need -> sets.get(need.set())));
      }
      var newer = alone(unit);
      if (newer.map(Version::marker).equals(alone.map(Version::marker))) {
        throw missing(missing.get());
      }
      alone = newer;
    }
    return Optional.empty();
  }

  /** Without the wide sets that it needs. */
  private Optional<Version> alone(Versioned unit) {
    return reader
        .content(unit.topic().name(), unit.partition())
        .flatMap(content -> version(unit, content));
  }

  private static IllegalStateException missing(Marker.Wide need) {
    return new IllegalStateException("set/" + need.set() + " is not there");
  }

  /** With what the version needs of wide sets. */
  private static Version joined(Version version, Function<Marker.Wide, Version> wide) {
    var contents = new ArrayList<SetContent>();
    var markers = new TreeMap<SetId, Marker>();
    for (var need : version.marker().wide()) {
      var set = wide.apply(need);
      contents.addAll(set.rules().sets());
      markers.put(need.set(), set.marker());
    }
    return new Version(version.marker(), version.rules().with(contents), markers);
  }

  private static Optional<Version> version(Versioned unit, TopicContent content) {
    var records = new ArrayList<NodeRecord>();
    for (var item : content.values().entrySet()) {
      if (unit.holds(item.getKey())) {
        records.add(NodeRecords.parse(item.getKey(), item.getValue()));
      }
    }
    return Optional.ofNullable(content.values().get(unit.markerKey()))
        .map(value -> new Version(Json.read(value, Marker.class), RuleSet.of(records)));
  }

  /** A version by its number; also of what is gone, while history has it. */
  public Past past(Versioned unit, long number) {
    var place = place(unit);
    if (place.isEmpty()) {
      return new Past.Unknown(unit.name() + " has no versions");
    }
    var newest = place.get().position();
    if (number > newest.version()) {
      return new Past.Unknown(unit.name() + ": its newest version is " + newest.version());
    }
    if (!place.get().isInHistory()) {
      return new Past.Gone(Topics.HISTORY + " was made anew since");
    }
    try (var log = reader.open(Topics.HISTORY, unit.shard())) {
      return switch (new VersionRebuilder(log, unit.name(), number).from(newest)) {
        case Past.Found(var version) ->
            new Past.Found(joined(version, need -> enough(version.marker(), need)));
        case Past.Unknown unknown -> unknown;
        case Past.Gone gone -> gone;
      };
    } catch (OffsetOutOfRangeException _) {
      return new Past.Gone(unit.name() + ": version " + number + " is older than history");
    }
  }

  /** What a version needed of a wide set. */
  private Version enough(Marker node, Marker.Wide need) {
    var set = new Versioned.OfSet(need.set());
    var place = place(set).filter(Place::isInHistory).orElseThrow(() -> missing(need));
    try (var log = reader.open(Topics.HISTORY, set.shard())) {
      return new VersionRebuilder(log, set.name(), node.number())
          .first(place.position(), marker -> marker.isEnoughFor(node, need))
          .orElseThrow(() -> missing(need));
    }
  }

  /**
   * Where something stands.
   *
   * @param isInHistory whether history has it
   */
  private record Place(NodePosition position, boolean isInHistory) {}

  private Optional<Place> place(Versioned unit) {
    var progress =
        reader
            .content(Topics.progress().name(), unit.shard())
            .map(content -> ShardProgress.of(content.values()))
            .orElse(ShardProgress.NONE);
    var isOfThisHistory =
        reader.id(Topics.HISTORY).equals(progress.shard().map(Progress::historyTopicId));
    return Optional.ofNullable(progress.nodes().get(unit.name()))
        .map(position -> new Place(position, position.hasHistory() && isOfThisHistory));
  }
}
