package io.portcullis.compiler.publish;

import io.portcullis.compiler.read.CompiledCluster;
import io.portcullis.compiler.read.Unit;
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
import java.util.concurrent.ConcurrentHashMap;
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
  private final Departures departures;
  private final LongSupplier clockMicros;
  private final ShardTopic history;
  private final ShardTopic progress;
  private final ShardTopic sets;

  /** What the topics hold of nodes and wide sets; read by any thread, changed by the worker's. */
  private final Map<Unit, HeldVersion> held = new ConcurrentHashMap<>();

  /** To where that was read; own versions may come after it. */
  private final Map<ShardTopic, Known> known = new HashMap<>();

  /** The greatest number that each ever got here, by name, also in topics that are lost. */
  private final Map<String, Long> highest = new HashMap<>();

  /** Why a node's rule set could not be compiled; its topic stays as it is. */
  private final SortedMap<String, String> failures = new TreeMap<>();

  private final Backlog backlog = new Backlog();
  private List<String> allNodes = List.of();

  /** The shard's nodes by topic. */
  private volatile Map<ShardTopic, Unit> nodes = Map.of();

  /** Of its nodes and of the sets that are wide now. */
  private Set<String> names = Set.of();

  /** Those of its nodes, and those that are not a node's. */
  private List<ShardTopic> topics = List.of();

  /** The list of wide sets that the names were made of. */
  private List<SetId> allSets = List.of();

  private Optional<String> setsTopicId = Optional.empty();
  private Optional<String> historyTopicId = Optional.empty();

  /** Behind all commits of the shard that are known. */
  private long historyEnd;

  private ShardProgress progressBefore = ShardProgress.NONE;
  private SortedMap<String, NodePosition> positions = new TreeMap<>();

  /** Positions that the topic does not hold yet; absent: it is to hold none. */
  private SortedMap<String, Optional<NodePosition>> unwritten = new TreeMap<>();

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
    this.departures = new Departures(settings.grace(), settings.historyWindow());
    this.clockMicros = clockMicros;
    this.history =
        new ShardTopic(
            Topics.history(settings.historyWindow(), settings.historyBytes()), shard, Kind.LOG);
    this.progress = new ShardTopic(Topics.progress(), shard, Kind.COMPACTED);
    this.sets = new ShardTopic(Topics.sets(), shard, Kind.COMPACTED);
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
    var found = new LinkedHashMap<ShardTopic, Unit>();
    allNodes.stream()
        .filter(node -> Topics.shardOf(node) == shard)
        .map(Unit.OfNode::new)
        .forEach(node -> found.put(new ShardTopic(node.topic(), 0, Kind.COMPACTED), node));
    var wide = allSets.stream().map(Unit.OfSet::new).filter(set -> set.shard() == shard);
    names =
        Stream.concat(found.values().stream(), wide)
            .map(Unit::name)
            .collect(Collectors.toUnmodifiableSet());
    if (!topics.isEmpty() && found.equals(nodes)) {
      return;
    }
    nodes = found;
    topics = Stream.concat(Stream.of(history, progress, sets), found.keySet().stream()).toList();
    known.keySet().retainAll(Set.copyOf(topics));
    for (var unit : List.copyOf(held.keySet())) {
      if (unit instanceof Unit.OfNode && !names.contains(unit.name())) {
        forget(unit);
      }
    }
  }

  private void forget(Unit unit) {
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
    var read = new HashMap<Unit, HeldVersion>();
    byUnit(topic, content.values())
        .forEach((unit, of) -> read.put(unit, HeldVersion.of(unit, content.topicId(), of)));
    return () -> {
      if (topic.equals(sets)) {
        held.keySet().removeIf(Unit.OfSet.class::isInstance);
      }
      return take(topic, read, new Known(content.topicId(), content.position()));
    };
  }

  /** Changes that do not lead to what the marker says were not all. */
  @Override
  public Restored restored(ShardTopic topic, TopicChanges since) {
    var read = new HashMap<Unit, HeldVersion>();
    byUnit(topic, since.values())
        .forEach(
            (unit, changes) -> {
              var before = held.getOrDefault(unit, HeldVersion.nothing(since.topicId()));
              read.put(unit, before.with(unit, changes));
            });
    if (read.values().stream().allMatch(after -> after.isNothing() || after.sound())) {
      return () -> take(topic, read, new Known(since.topicId(), since.position()));
    }
    return () -> {
      LOG.warn("{}: not what is known and what came since; reading all of it", topic.spec().name());
      known.remove(topic);
      return false;
    };
  }

  private <V> Map<Unit, SortedMap<String, V>> byUnit(
      ShardTopic topic, SortedMap<String, V> values) {
    if (topic.equals(sets)) {
      return HeldVersion.bySet(values);
    }
    return Optional.ofNullable(nodes.get(topic))
        .map(node -> Map.of(node, values))
        .orElse(Map.of()); // it went meanwhile
  }

  private boolean take(ShardTopic topic, Map<Unit, HeldVersion> read, Known place) {
    known.put(topic, place);
    if (!isOwned()) {
      read.forEach((unit, version) -> held.put(unit, version.like(rules(unit))));
      return true;
    }
    if (topic.equals(sets)) {
      setsTopicId = Optional.of(place.topicId());
      compiled.takeTouched(shard).forEach(this::touched);
      allSets.stream()
          .map(Unit.OfSet::new)
          .filter(set -> set.shard() == shard)
          .forEach(this::touched);
    }
    read.forEach(
        (unit, version) -> {
          hold(unit, version);
          backlog.add(unit, takenTo);
        });
    return true;
  }

  private boolean isOwned() {
    return historyTopicId.isPresent();
  }

  private boolean takeHistory(TopicContent content) {
    historyTopicId = Optional.of(content.topicId());
    historyEnd = content.position();
    takePositions();
    return true;
  }

  private boolean takeProgress(ShardProgress read) {
    progressBefore = read;
    read.unreadable()
        .forEach(what -> LOG.error("portcullis.progress: {}: {}; written again", shard, what));
    takePositions();
    return true;
  }

  private void hold(Unit unit, HeldVersion version) {
    held.put(unit, version);
    highest.merge(unit.name(), version.number(), Math::max);
  }

  /** Offsets are of use only in the incarnation of the topic that they were written for. */
  private void takePositions() {
    positions = new TreeMap<>(progressBefore.nodes());
    positions.forEach((node, position) -> highest.merge(node, position.version(), Math::max));
    var before = progressBefore.shard();
    if (!historyTopicId.equals(before.map(Progress::historyTopicId))) {
      positions.replaceAll((_, position) -> position.withoutHistory());
    }
    takenTo =
        before
            .filter(b -> b.clusterTopicId().equals(compiled.topicId()))
            .map(Progress::clusterPosition)
            .orElse(compiled.position());
  }

  @Override
  public Optional<Known> known(ShardTopic topic) {
    return Optional.ofNullable(known.get(topic));
  }

  @Override
  public Collection<ShardTopic> followed() {
    var now = clockMicros.getAsLong();
    if (!hasUnits() || now - followedMicros < BETWEEN_FOLLOWS_MICROS) {
      return List.of();
    }
    followedMicros = now;
    return Stream.concat(Stream.of(sets), nodes.keySet().stream()).toList();
  }

  /** Whether there is any node or wide set that it is to keep. */
  public boolean hasUnits() {
    return !topics().isEmpty() && !names.isEmpty();
  }

  @Override
  public void forget() {
    released();
    held.clear();
    known.clear();
  }

  @Override
  public void released() {
    backlog.clear();
    failures.clear();
    positions = new TreeMap<>();
    unwritten = new TreeMap<>();
    historyTopicId = Optional.empty();
    setsTopicId = Optional.empty();
    progressBefore = ShardProgress.NONE;
  }

  @Override
  public Collection<String> unwanted() {
    var now = clockMicros.getAsLong();
    if (now - askedForDueMicros < BETWEEN_BEATS_MICROS) {
      return List.of();
    }
    askedForDueMicros = now;
    return departures.due(positions, names, now, compiled.beatMicros()).stream()
        .flatMap(NodeShard::topicsOf)
        .toList();
  }

  /** Those that are its own alone. */
  private static Stream<String> topicsOf(String name) {
    return switch (Unit.parse(name)) {
      case Unit.OfNode(var node) ->
          Stream.of(Topics.node(node).name(), Topics.applied(node, Duration.ZERO).name());
      case Unit.OfSet _ -> Stream.of();
    };
  }

  @Override
  public void deleted(Collection<String> gone) {
    var deleted = Set.copyOf(gone);
    positions.replaceAll(
        (node, position) -> {
          if (position.gone().isEmpty() || topicsOf(node).noneMatch(deleted::contains)) {
            return position;
          }
          LOG.info("node {}: gone for {}; its topics are deleted", node, settings.grace());
          var since = position.gone().get();
          var marked =
              position.with(new NodePosition.Gone(since.sinceMicros(), since.beatMicros(), true));
          unwritten.put(node, Optional.of(marked));
          return marked;
        });
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
      unwritten.putAll(departures.changes(positions, names, now, compiled.beatMicros()));
      held.keySet().stream()
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
    return names.isEmpty() && positions.isEmpty();
  }

  private void takeTouched() {
    compiled.takeTouched(shard).forEach(this::touched);
    takenTo = compiled.position();
  }

  /** What is not restored yet will be in the backlog then. */
  private void touched(Unit unit) {
    if (unit instanceof Unit.OfSet && setsTopicId.isPresent()) {
      held.computeIfAbsent(unit, _ -> HeldVersion.nothing(setsTopicId.get()));
    }
    if (held.containsKey(unit)) {
      backlog.add(unit, takenTo);
    }
  }

  private boolean isNarrowAgain(Unit unit) {
    return unit instanceof Unit.OfSet(var set) && compiled.wide(set).isEmpty();
  }

  private Optional<NodeVersion> version(Unit unit, long now) {
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

  private RuleSet rules(Unit unit) {
    return switch (unit) {
      case Unit.OfNode(var node) -> compiled.narrow(node);
      case Unit.OfSet(var set) -> RuleSet.EMPTY.with(compiled.wide(set).stream().toList());
    };
  }

  private List<Marker.Wide> needs(Unit unit) {
    return switch (unit) {
      case Unit.OfNode(var node) ->
          compiled.wide(node).stream()
              .map(set -> new Marker.Wide(set.id(), set.digest().hex(), compiled.position()))
              .toList();
      case Unit.OfSet _ -> List.of();
    };
  }

  private Marker marker(Unit unit, List<Marker.Wide> wide, long now) {
    return new Marker(
        Math.max(highest.getOrDefault(unit.name(), 0L) + 1, now),
        "",
        0,
        "",
        shard,
        Topics.SHARDS,
        compiled.topicId(),
        compiled.position(),
        now,
        compiled.causesFrom(backlog.causesFrom(unit)).stream().limit(MOST_CAUSES).toList(),
        settings.build(),
        wide);
  }

  /** A version that history does not have, or will lose before long, is committed once more. */
  private void addKept(Unit unit, long now, Batch batch) {
    var version = held.get(unit);
    var oldest = now - settings.snapshotAge().toNanos() / 1_000;
    var safe =
        Optional.ofNullable(positions.get(unit.name()))
            .filter(p -> p.version() == version.number() && p.snapshotMicros() > oldest)
            .filter(NodePosition::hasHistory)
            .isPresent();
    if (!safe && version.marker().isPresent() && !batch.isFull()) {
      batch.add(new NodeVersion.Kept(unit, version));
    }
  }

  private Difference transaction(Batch batch, long now, boolean beat) {
    var written = new ArrayList<Unit>();
    batch.versions().forEach(version -> written.add(version.unit()));
    for (var removal : batch.removals()) {
      written.add(removal.unit());
      unwritten.putAll(departed(removal.unit().name(), now));
    }
    var toBeWritten = new TreeMap<>(unwritten);
    var position = backlog.openFrom(written).orElse(takenTo);
    var state =
        new Progress(
            shard,
            compiled.topicId(),
            position,
            compiled.beatMicros(),
            historyTopicId.orElseThrow(),
            now);
    return new ShardTransaction(
        state,
        batch,
        Map.copyOf(positions),
        toBeWritten,
        historyEnd,
        after -> {
          positions.putAll(after);
          after.values().forEach(place -> historyEnd = Math.max(historyEnd, place.commit() + 1));
          toBeWritten.forEach(
              (node, place) -> {
                if (!after.containsKey(node)) {
                  place.ifPresentOrElse(p -> positions.put(node, p), () -> forgetNode(node));
                }
                unwritten.remove(node, place);
              });
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
    return Optional.ofNullable(positions.get(name))
        .map(position -> Map.of(name, Optional.of(position.with(since))))
        .orElse(Map.of());
  }

  private void forgetNode(String node) {
    positions.remove(node);
    highest.remove(node);
  }

  /** Nodes and wide sets that could not be compiled, with the reason. */
  public Map<String, String> failures() {
    return failures;
  }
}
