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
 * Reads present and past versions of any node and wide set, whichever replica wrote them. Its
 * methods throw {@link org.apache.kafka.common.KafkaException} when the broker does not answer.
 */
public final class VersionStore {
  private final TopicReader reader;

  public VersionStore(TopicReader reader) {
    this.reader = reader;
  }

  /** Returns the positions in history of all nodes of the cluster. */
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
            position ->
                position.getValue().gone().isPresent()
                    || Versioned.parse(position.getKey()) instanceof Versioned.OfSet);
    return positions;
  }

  /**
   * Returns the newest version; empty before the first. If a wide set that it needs is withdrawn
   * meanwhile, a newer version does without the set, and that one is returned.
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

  /** Returns the newest version without its wide sets. */
  private Optional<Version> alone(Versioned unit) {
    return reader
        .content(unit.topic().name(), unit.partition())
        .flatMap(content -> version(unit, content));
  }

  private static IllegalStateException missing(Marker.Wide need) {
    return new IllegalStateException("wide set " + need.set() + " is missing");
  }

  /** Adds the wide sets that a version needs. */
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

  /** Returns a version by its number. The node may be gone, as long as history has the version. */
  public Past past(Versioned unit, long number) {
    var place = place(unit);
    if (place.isEmpty()) {
      return new Past.Unknown(unit.name() + " has no versions");
    }
    var newest = place.get().position();
    if (number > newest.version()) {
      return new Past.Unknown(unit.name() + ": the newest version is " + newest.version());
    }
    if (!place.get().isInHistory()) {
      return new Past.Gone("topic " + Topics.HISTORY + " has been made anew since");
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

  /** Returns the version of a wide set that a version of a node needed. */
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
   * The newest version of a node or wide set.
   *
   * @param isInHistory whether history has the version
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
