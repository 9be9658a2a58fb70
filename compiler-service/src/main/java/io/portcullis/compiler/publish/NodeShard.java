package io.portcullis.compiler.publish;

import io.portcullis.compiler.versions.Versioned;
import io.portcullis.history.NodePosition;
import io.portcullis.history.Progress;
import io.portcullis.history.ShardProgress;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;
import io.portcullis.ruleset.SetId;
import io.portcullis.topic.ShardContent;
import io.portcullis.topic.TopicChanges;
import io.portcullis.topic.TopicContent;
import io.portcullis.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes and wide sets of one shard: their topics, their part of history, and the shard's
 * progress. The worker's thread alone uses it.
 */
public final class NodeShard implements ShardContent {
  private static final Logger LOG = LoggerFactory.getLogger(NodeShard.class);
  private static final long BETWEEN_BEATS_MICROS = Duration.ofSeconds(1).toNanos() / 1_000;

  /** What another process writes meanwhile is what a take-over has to read. */
  private static final long BETWEEN_FOLLOWS_MICROS = Duration.ofSeconds(15).toNanos() / 1_000;

  /** Of a storm each node's marker names the first ones, which waited longest. */
  private static final int MOST_CAUSES = 50;

  private final int shard;
  private final CompiledCluster compiled;
  private final VersionSettings settings;
  private final NodeRetirement departures;
  private final LongSupplier clockMicros;
  private final ShardTopic history;
  private final ShardTopic progress;
  private final ShardTopic sets;

  private final PublishedVersions held;

  private final HistoryIndex positions = new HistoryIndex();

  /** Why a node's rule set could not be compiled; its topic stays as it is. */
  private final SortedMap<String, String> failures = new TreeMap<>();

  private final WorkQueue backlog = new WorkQueue();
  private List<String> allNodes = List.of();

  /** Of its nodes and of the sets that are wide now. */
  private Set<String> names = Set.of();

  /** Those of its nodes, and those that are not a node's. */
  private List<ShardTopic> topics = List.of();

  /** The list of wide sets that the names were made of. */
  private List<SetId> allSets = List.of();

  private Optional<String> setsTopicId = Optional.empty();

  /** Of the cluster topic: changes before it are in the backlog, or compiled. */
  private long takenTo;

  private long beatenMicros;
  private long askedForDueMicros;
  private long followedMicros;

  public NodeShard(
      int shard, CompiledCluster compiled, VersionSettings settings, LongSupplier clockMicros) {
    this.shard = shard;
    this.compiled = compiled;
    this.settings = settings;
    this.departures = new NodeRetirement(settings.grace(), settings.historyWindow());
    this.clockMicros = clockMicros;
    this.history =
        new ShardTopic(
            Topics.history(settings.historyWindow(), settings.historyBytes()), shard, Kind.LOG);
    this.progress = new ShardTopic(Topics.progress(), shard, Kind.COMPACTED);
    this.sets = new ShardTopic(Topics.sets(), shard, Kind.COMPACTED);
    this.held = new PublishedVersions(sets);
  }

  @Override
  public Collection<ShardTopic> topics() {
    if (!compiled.isWhole()) {
      return List.of();
    }
    if (compiled.nodes() != allNodes || compiled.wide() != allSets || topics.isEmpty()) {
      takeUnits();
    }
    return topics;
  }

  private void takeUnits() {
    allNodes = compiled.nodes();
    allSets = compiled.wide();
    var found = new LinkedHashMap<ShardTopic, Versioned>();
    allNodes.stream()
        .filter(node -> Topics.shardOf(node) == shard)
        .map(Versioned.OfNode::new)
        .forEach(node -> found.put(new ShardTopic(node.topic(), 0, Kind.COMPACTED), node));
    var wide = allSets.stream().map(Versioned.OfSet::new).filter(set -> set.shard() == shard);
    names =
        Stream.concat(found.values().stream(), wide)
            .map(Versioned::name)
            .collect(Collectors.toUnmodifiableSet());
    if (!topics.isEmpty() && found.equals(held.nodes())) {
      return;
    }
    held.nodes(found);
    topics = Stream.concat(Stream.of(history, progress, sets), found.keySet().stream()).toList();
    for (var unit : held.units()) {
      if (unit instanceof Versioned.OfNode && !names.contains(unit.name())) {
        forget(unit);
      }
    }
  }

  private void forget(Versioned unit) {
    held.remove(unit);
    backlog.remove(unit);
    failures.remove(unit.name());
  }

  @Override
  public Optional<Source> source() {
    return Optional.of(new Source(Topics.cluster().name(), compiled.topicId()));
  }

  @Override
  public Restored restored(ShardTopic topic, TopicContent content) {
    if (topic.equals(history)) {
      return () -> takeHistory(content);
    }
    if (topic.equals(progress)) {
      var read = ShardProgress.of(content.values());
      return () -> takeProgress(read);
    }
    var read = held.read(topic, content);
    return () -> take(read);
  }

  /** Changes that do not lead to what the marker says were not all. */
  @Override
  public Restored restored(ShardTopic topic, TopicChanges since) {
    var read = held.read(topic, since);
    return () -> {
      if (read.isEmpty()) {
        LOG.warn(
            "{}: not what is known and what came since; reading all of it", topic.spec().name());
        held.doubt(topic);
        return false;
      }
      return take(read.get());
    };
  }

  private boolean take(PublishedVersions.Read read) {
    held.reached(read);
    if (!isOwned()) {
      read.versions().forEach((unit, version) -> held.put(unit, version.like(rules(unit))));
      return true;
    }
    if (read.topic().equals(sets)) {
      setsTopicId = Optional.of(read.place().topicId());
      compiled.takeTouched(shard).forEach(this::touched);
      allSets.stream()
          .map(Versioned.OfSet::new)
          .filter(set -> set.shard() == shard)
          .forEach(this::touched);
    }
    read.versions()
        .forEach(
            (unit, version) -> {
              hold(unit, version);
              backlog.add(unit, takenTo);
            });
    return true;
  }

  private boolean isOwned() {
    return positions.historyTopicId().isPresent();
  }

  private boolean takeHistory(TopicContent content) {
    positions.takeHistory(content);
    takenTo = compiledBefore();
    return true;
  }

  private boolean takeProgress(ShardProgress read) {
    read.unreadable()
        .forEach(what -> LOG.error("portcullis.progress: {}: {}; written again", shard, what));
    positions.takeProgress(read);
    takenTo = compiledBefore();
    return true;
  }

  private void hold(Versioned unit, PublishedVersion version) {
    held.put(unit, version);
    positions.got(unit.name(), version.number());
  }

  private long compiledBefore() {
    return positions.compiledTo(compiled.topicId()).orElse(compiled.position());
  }

  @Override
  public Optional<Checkpoint> checkpoint(ShardTopic topic) {
    return held.checkpoint(topic);
  }

  @Override
  public Collection<ShardTopic> followed() {
    var now = clockMicros.getAsLong();
    if (!hasUnits() || now - followedMicros < BETWEEN_FOLLOWS_MICROS) {
      return List.of();
    }
    followedMicros = now;
    return Stream.concat(Stream.of(sets), held.nodes().keySet().stream()).toList();
  }

  /** Whether there is any node or wide set that it is to keep. */
  public boolean hasUnits() {
    return !topics().isEmpty() && !names.isEmpty();
  }

  @Override
  public void forget() {
    released();
    held.clear();
  }

  @Override
  public void released() {
    backlog.clear();
    failures.clear();
    positions.release();
    setsTopicId = Optional.empty();
  }

  @Override
  public Collection<String> unwanted() {
    var now = clockMicros.getAsLong();
    if (now - askedForDueMicros < BETWEEN_BEATS_MICROS) {
      return List.of();
    }
    askedForDueMicros = now;
    return departures.due(positions.all(), names, now, compiled.beatMicros()).stream()
        .flatMap(NodeShard::topicsOf)
        .toList();
  }

  /** Those that are its own alone. */
  private static Stream<String> topicsOf(String name) {
    return switch (Versioned.parse(name)) {
      case Versioned.OfNode(var node) ->
          Stream.of(Topics.node(node).name(), Topics.applied(node, Duration.ZERO).name());
      case Versioned.OfSet _ -> Stream.of();
    };
  }

  @Override
  public void deleted(Collection<String> gone) {
    var deleted = Set.copyOf(gone);
    var marked = new HashMap<String, NodePosition>();
    positions
        .all()
        .forEach(
            (node, position) -> {
              if (position.gone().isPresent() && topicsOf(node).anyMatch(deleted::contains)) {
                LOG.info("node {}: gone for {}; its topics are deleted", node, settings.grace());
                var since = position.gone().get();
                var done = new NodePosition.Gone(since.sinceMicros(), since.beatMicros(), true);
                marked.put(node, position.with(done));
              }
            });
    positions.replace(marked);
  }

  @Override
  public Optional<Difference> difference() {
    takeTouched();
    var now = clockMicros.getAsLong();
    var batch = new Batch();
    for (var unit : backlog.inOrder()) {
      if (batch.isFull()) {
        break;
      }
      if (isNarrowAgain(unit)) {
        batch.remove(new Removal(unit, held.get(unit)));
      } else {
        version(unit, now).ifPresentOrElse(batch::add, () -> backlog.remove(unit));
      }
    }
    var beats = now - beatenMicros >= BETWEEN_BEATS_MICROS && !isIdle();
    if (beats) {
      positions.write(departures.changes(positions.all(), names, now, compiled.beatMicros()));
      held.units().stream()
          .filter(unit -> !backlog.contains(unit))
          .forEach(unit -> addKept(unit, now, batch));
    }
    if (batch.isEmpty() && !beats) {
      return Optional.empty();
    }
    return Optional.of(transaction(batch, now, beats));
  }

  /** A shard that never had a node needs no beat. */
  private boolean isIdle() {
    return names.isEmpty() && positions.all().isEmpty();
  }

  private void takeTouched() {
    compiled.takeTouched(shard).forEach(this::touched);
    takenTo = compiled.position();
  }

  /** What is not restored yet will be in the backlog then. */
  private void touched(Versioned unit) {
    if (unit instanceof Versioned.OfSet && setsTopicId.isPresent() && !held.has(unit)) {
      held.put(unit, PublishedVersion.nothing(setsTopicId.get()));
    }
    if (held.has(unit)) {
      backlog.add(unit, takenTo);
    }
  }

  private boolean isNarrowAgain(Versioned unit) {
    return unit instanceof Versioned.OfSet(var set) && compiled.wide(set).isEmpty();
  }

  private Optional<NodeVersion> version(Versioned unit, long now) {
    var before = held.get(unit);
    try {
      var wide = needs(unit);
      var rules = rules(unit);
      var change = RuleSetChange.between(before.rules(), rules);
      failures.remove(unit.name());
      if (change.isEmpty() && before.needs(wide, compiled.topicId()) && before.as(rules).sound()) {
        held.put(unit, before.as(rules));
        return Optional.empty();
      }
      return Optional.of(
          NodeVersion.Changed.of(
              unit, before, change, rules, marker(unit, wide, now), settings.commitsPerSnapshot()));
    } catch (RuntimeException e) {
      LOG.error("{}: cannot be compiled; it keeps its version", unit.name(), e);
      failures.put(unit.name(), e.toString());
      return Optional.empty();
    }
  }

  private RuleSet rules(Versioned unit) {
    return switch (unit) {
      case Versioned.OfNode(var node) -> compiled.narrow(node);
      case Versioned.OfSet(var set) -> RuleSet.EMPTY.with(compiled.wide(set).stream().toList());
    };
  }

  private List<Marker.Wide> needs(Versioned unit) {
    return switch (unit) {
      case Versioned.OfNode(var node) ->
          compiled.wide(node).stream()
              .map(set -> new Marker.Wide(set.id(), set.digest().hex(), compiled.position()))
              .toList();
      case Versioned.OfSet _ -> List.of();
    };
  }

  private Marker marker(Versioned unit, List<Marker.Wide> wide, long now) {
    return new Marker(
        Math.max(positions.nextNumber(unit.name()), now),
        new Marker.Content("", 0, ""),
        new Marker.Compilation(
            new Marker.ClusterPosition(compiled.topicId(), compiled.position()),
            new Marker.Shard(shard, Topics.SHARDS),
            now,
            compiled.causesFrom(backlog.causesFrom(unit)).stream().limit(MOST_CAUSES).toList(),
            settings.build()),
        wide);
  }

  /** A version that history does not have, or will lose before long, is committed once more. */
  private void addKept(Versioned unit, long now, Batch batch) {
    var version = held.get(unit);
    var oldest = now - settings.snapshotAge().toNanos() / 1_000;
    var safe =
        positions
            .of(unit.name())
            .filter(p -> p.version() == version.number() && p.snapshotMicros() > oldest)
            .filter(NodePosition::hasHistory)
            .isPresent();
    if (!safe && version.marker().isPresent() && !batch.isFull()) {
      batch.add(new NodeVersion.Kept(unit, version));
    }
  }

  private Difference transaction(Batch batch, long now, boolean beat) {
    var written = new ArrayList<Versioned>();
    batch.versions().forEach(version -> written.add(version.unit()));
    for (var removal : batch.removals()) {
      written.add(removal.unit());
      positions.write(departed(removal.unit().name(), now));
    }
    var others = positions.unwritten();
    var position = backlog.openFrom(written).orElse(takenTo);
    var state =
        new Progress(
            shard,
            compiled.topicId(),
            position,
            compiled.beatMicros(),
            positions.historyTopicId().orElseThrow(),
            now);
    return new ShardTransaction(
        state,
        batch,
        Map.copyOf(positions.all()),
        others,
        positions.historyEnd(),
        after -> {
          positions.written(after, others);
          batch.versions().forEach(version -> hold(version.unit(), version.after()));
          batch.removals().forEach(removal -> held.remove(removal.unit()));
          written.forEach(backlog::remove);
          if (beat) {
            beatenMicros = now;
          }
        });
  }

  /** What history has of a set that is wide no longer can still be asked for. */
  private Map<String, Optional<NodePosition>> departed(String name, long now) {
    var since = new NodePosition.Gone(now, compiled.beatMicros(), true);
    return positions
        .of(name)
        .map(position -> Map.of(name, Optional.of(position.with(since))))
        .orElse(Map.of());
  }

  /** Nodes and wide sets that could not be compiled, with the reason. */
  public Map<String, String> failures() {
    return failures;
  }
}
