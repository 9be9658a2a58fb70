package io.portcullis.compiler.publish;

import io.portcullis.compiler.read.CompiledCluster;
import io.portcullis.history.NodePosition;
import io.portcullis.history.Progress;
import io.portcullis.history.ShardProgress;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.RuleSetChange;
import io.portcullis.topic.ShardContent;
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
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes of one shard: their topics, their part of history, and the shard's progress. The
 * worker's thread alone uses it.
 */
public final class NodeShard implements ShardContent {
  private static final Logger LOG = LoggerFactory.getLogger(NodeShard.class);
  private static final long BETWEEN_BEATS_MICROS = Duration.ofSeconds(1).toNanos() / 1_000;

  /** Of a storm each node's marker names the first ones, which waited longest. */
  private static final int MOST_CAUSES = 50;

  private final int shard;
  private final CompiledCluster compiled;
  private final VersionSettings settings;
  private final Departures departures;
  private final LongSupplier clockMicros;
  private final ShardTopic history;
  private final ShardTopic progress;

  /** What the topics of nodes hold, by node. */
  private final Map<String, HeldVersion> held = new HashMap<>();

  /** The greatest number that each node ever got here, also in topics that are lost. */
  private final Map<String, Long> highest = new HashMap<>();

  /** Why a node's rule set could not be compiled; its topic stays as it is. */
  private final SortedMap<String, String> failures = new TreeMap<>();

  private final Backlog backlog = new Backlog();
  private List<String> allNodes = List.of();

  /** The shard's nodes by topic, and the topics with those that are not a node's. */
  private Map<ShardTopic, String> nodes = Map.of();

  private Set<String> names = Set.of();
  private List<ShardTopic> topics = List.of();

  private Optional<String> historyTopicId = Optional.empty();
  private ShardProgress progressBefore = ShardProgress.NONE;
  private SortedMap<String, NodePosition> positions = new TreeMap<>();

  /** Positions that the topic does not hold yet; absent: it is to hold none. */
  private SortedMap<String, Optional<NodePosition>> unwritten = new TreeMap<>();

  /** Of the cluster topic: changes before it are in the backlog, or compiled. */
  private long takenTo;

  private long beatenMicros;
  private long askedForDueMicros;

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
  }

  @Override
  public Collection<ShardTopic> topics() {
    if (!compiled.isWhole()) {
      return List.of();
    }
    if (compiled.nodes() != allNodes || topics.isEmpty()) {
      takeNodes();
    }
    return topics;
  }

  private void takeNodes() {
    allNodes = compiled.nodes();
    var found = new LinkedHashMap<ShardTopic, String>();
    allNodes.stream()
        .filter(node -> Topics.shardOf(node) == shard)
        .forEach(node -> found.put(new ShardTopic(Topics.node(node), 0, Kind.COMPACTED), node));
    if (!topics.isEmpty() && found.equals(nodes)) {
      return;
    }
    nodes = found;
    names = Set.copyOf(found.values());
    topics = Stream.concat(Stream.of(history, progress), found.keySet().stream()).toList();
    for (var node : List.copyOf(held.keySet())) {
      if (!names.contains(node)) {
        held.remove(node);
        backlog.remove(node);
        failures.remove(node);
      }
    }
  }

  @Override
  public Optional<Source> source() {
    return Optional.of(new Source(Topics.cluster().name(), compiled.topicId()));
  }

  @Override
  public void restored(ShardTopic topic, TopicContent content) {
    if (topic.equals(history)) {
      historyTopicId = Optional.of(content.topicId());
      takePositions();
    } else if (topic.equals(progress)) {
      progressBefore = ShardProgress.of(content.values());
      progressBefore
          .unreadable()
          .forEach(what -> LOG.error("portcullis.progress: {}: {}; written again", shard, what));
      takePositions();
    } else if (nodes.containsKey(topic)) {
      var node = nodes.get(topic);
      hold(node, HeldVersion.of(node, content));
      backlog.add(node, takenTo);
    }
  }

  private void hold(String node, HeldVersion version) {
    held.put(node, version);
    highest.merge(node, version.number(), Math::max);
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
  public void forget() {
    held.clear();
    backlog.clear();
    failures.clear();
    positions = new TreeMap<>();
    unwritten = new TreeMap<>();
    historyTopicId = Optional.empty();
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

  private static Stream<String> topicsOf(String node) {
    return Stream.of(Topics.node(node).name(), Topics.applied(node, Duration.ZERO).name());
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
    for (var node : backlog.inOrder()) {
      if (batch.isFull()) {
        break;
      }
      version(node, now).ifPresentOrElse(batch::add, () -> backlog.remove(node));
    }
    var beats = now - beatenMicros >= BETWEEN_BEATS_MICROS && !isIdle();
    if (beats) {
      unwritten.putAll(departures.changes(positions, names, now, compiled.beatMicros()));
      names.stream().filter(node -> !backlog.contains(node)).forEach(n -> addKept(n, now, batch));
    }
    if (batch.versions().isEmpty() && !beats) {
      return Optional.empty();
    }
    return Optional.of(transaction(batch, now, beats));
  }

  /** A shard that never had a node needs no beat. */
  private boolean isIdle() {
    return names.isEmpty() && positions.isEmpty();
  }

  private void takeTouched() {
    for (var node : compiled.takeTouched(shard)) {
      if (held.containsKey(node)) { // or else it will be in the backlog once it is restored
        backlog.add(node, takenTo);
      }
    }
    takenTo = compiled.position();
  }

  private Optional<NodeVersion> version(String node, long now) {
    var before = held.get(node);
    try {
      var rules = compiled.compile(node);
      var change = RuleSetChange.between(before.rules(), rules);
      failures.remove(node);
      if (before.sound() && change.isEmpty()) {
        held.put(node, before.as(rules));
        return Optional.empty();
      }
      return Optional.of(
          NodeVersion.Changed.of(
              node, before, change, rules, marker(node, now), settings.commitsPerSnapshot()));
    } catch (RuntimeException e) {
      LOG.error("node {}: cannot be compiled; it keeps its version", node, e);
      failures.put(node, e.toString());
      return Optional.empty();
    }
  }

  private Marker marker(String node, long now) {
    return new Marker(
        Math.max(highest.getOrDefault(node, 0L) + 1, now),
        "",
        0,
        "",
        shard,
        Topics.SHARDS,
        compiled.topicId(),
        compiled.position(),
        now,
        compiled.causesFrom(backlog.causesFrom(node)).stream().limit(MOST_CAUSES).toList(),
        settings.build());
  }

  /** A version that history does not have, or will lose before long, is committed once more. */
  private void addKept(String node, long now, Batch batch) {
    var version = held.get(node);
    var oldest = now - settings.snapshotAge().toNanos() / 1_000;
    var safe =
        Optional.ofNullable(positions.get(node))
            .filter(p -> p.version() == version.number() && p.snapshotMicros() > oldest)
            .filter(NodePosition::hasHistory)
            .isPresent();
    if (!safe && version.marker().isPresent() && !batch.isFull()) {
      batch.add(new NodeVersion.Kept(node, version));
    }
  }

  private Difference transaction(Batch batch, long now, boolean beat) {
    var written = new ArrayList<String>();
    batch.versions().forEach(version -> written.add(version.node()));
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
        batch.versions(),
        Map.copyOf(positions),
        toBeWritten,
        after -> {
          positions.putAll(after);
          toBeWritten.forEach(
              (node, place) -> {
                if (!after.containsKey(node)) {
                  place.ifPresentOrElse(p -> positions.put(node, p), () -> forgetNode(node));
                }
                unwritten.remove(node, place);
              });
          batch.versions().forEach(version -> hold(version.node(), version.after()));
          written.forEach(backlog::remove);
          if (beat) {
            beatenMicros = now;
          }
        });
  }

  private void forgetNode(String node) {
    positions.remove(node);
    highest.remove(node);
  }

  /** Nodes that could not be compiled, with the reason. */
  public Map<String, String> failures() {
    return failures;
  }
}
