package io.portcullis.compiler.publish;

import io.portcullis.compiler.read.CompiledCluster;
import io.portcullis.history.Progress;
import io.portcullis.history.Progress.NodePosition;
import io.portcullis.json.Json;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.RuleSetChange;
import io.portcullis.topic.ShardContent;
import io.portcullis.topic.TopicContent;
import io.portcullis.topic.Topics;
import io.portcullis.topic.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes of one shard: their topics, their part of history, and the shard's progress. The
 * worker's thread alone uses it.
 */
public final class NodeShard implements ShardContent {
  private static final Logger LOG = LoggerFactory.getLogger(NodeShard.class);
  private static final Duration BETWEEN_BEATS = Duration.ofSeconds(1);

  private final int shard;
  private final CompiledCluster compiled;
  private final VersionSettings settings;
  private final LongSupplier clockMicros;
  private final ShardTopic history;
  private final ShardTopic progress;

  /** What the topics of nodes hold, by node. */
  private final Map<String, HeldVersion> held = new HashMap<>();

  /** The greatest number that each node ever got here, also in topics that are lost. */
  private final Map<String, Long> highest = new HashMap<>();

  private List<String> allNodes = List.of();
  private List<String> nodes = List.of();
  private List<ShardTopic> topics = List.of();
  private Optional<String> historyTopicId = Optional.empty();
  private Optional<Progress> progressBefore = Optional.empty();
  private SortedMap<String, NodePosition> positions = new TreeMap<>();

  /** Changes of the cluster from here on may be causes of the next versions. */
  private long causesFrom;

  /** The state of the cluster that all topics are known to be equal to. */
  private long equalTo = -1;

  private long writtenMicros;

  public NodeShard(
      int shard, CompiledCluster compiled, VersionSettings settings, LongSupplier clockMicros) {
    this.shard = shard;
    this.compiled = compiled;
    this.settings = settings;
    this.clockMicros = clockMicros;
    this.history = new ShardTopic(Topics.history(settings.historyWindow()), shard, Kind.LOG);
    this.progress = new ShardTopic(Topics.progress(), shard, Kind.COMPACTED);
  }

  @Override
  public Collection<ShardTopic> topics() {
    nodes();
    return topics;
  }

  @Override
  public Optional<Source> source() {
    return Optional.of(new Source(Topics.cluster().name(), compiled.topicId()));
  }

  private List<String> nodes() {
    if (compiled.nodes() != allNodes) {
      allNodes = compiled.nodes();
      nodes = allNodes.stream().filter(node -> Topics.shardOf(node) == shard).toList();
      topics = nodes.isEmpty() ? List.of() : topics(nodes);
    }
    return nodes;
  }

  private List<ShardTopic> topics(List<String> nodes) {
    var all = new ArrayList<>(List.of(history, progress));
    nodes.forEach(node -> all.add(topic(node)));
    return List.copyOf(all);
  }

  private static ShardTopic topic(String node) {
    return new ShardTopic(Topics.node(node), 0, Kind.COMPACTED);
  }

  @Override
  public void restored(ShardTopic topic, TopicContent content) {
    equalTo = -1;
    if (topic.equals(history)) {
      historyTopicId = Optional.of(content.topicId());
      takePositions();
    } else if (topic.equals(progress)) {
      progressBefore = readProgress(content);
      takePositions();
    } else {
      nodes().stream()
          .filter(node -> topic(node).equals(topic))
          .forEach(node -> restoredNode(node, HeldVersion.of(node, content)));
    }
  }

  private void restoredNode(String node, HeldVersion version) {
    held.put(node, version);
    highest.merge(node, version.number(), Math::max);
  }

  private Optional<Progress> readProgress(TopicContent content) {
    try {
      return Optional.ofNullable(content.values().get(Integer.toString(shard)))
          .map(value -> Json.read(value, Progress.class));
    } catch (IllegalArgumentException e) {
      LOG.error("portcullis.progress: {}: {}; nodes get new snapshots", shard, e.getMessage());
      return Optional.empty();
    }
  }

  /** Offsets are of use only in the incarnation of the topic that they were written for. */
  private void takePositions() {
    positions = new TreeMap<>();
    progressBefore
        .filter(before -> historyTopicId.equals(Optional.of(before.historyTopicId())))
        .ifPresent(before -> positions.putAll(before.nodes()));
    causesFrom =
        progressBefore
            .filter(before -> before.clusterTopicId().equals(compiled.topicId()))
            .map(Progress::clusterPosition)
            .orElse(compiled.position());
  }

  @Override
  public void forget() {
    held.clear();
    positions = new TreeMap<>();
    historyTopicId = Optional.empty();
    progressBefore = Optional.empty();
    equalTo = -1;
  }

  @Override
  public Optional<Difference> difference() {
    var now = clockMicros.getAsLong();
    var versions = versions(now);
    if (!versions.isEmpty()) {
      return Optional.of(new ShardVersions(versions, now));
    }
    equalTo = compiled.changes();
    causesFrom = compiled.position();
    return now - writtenMicros < BETWEEN_BEATS.toNanos() / 1_000
        ? Optional.empty()
        : Optional.of(new ShardVersions(List.of(), now));
  }

  private List<NodeVersion> versions(long now) {
    return nodes().stream()
        .flatMap(
            node ->
                (compiled.changedSince(node, equalTo) ? version(node, now) : kept(node, now))
                    .stream())
        .toList();
  }

  private Optional<NodeVersion> version(String node, long now) {
    var before = held.get(node);
    var rules = compiled.compile(node);
    var change = RuleSetChange.between(before.rules(), rules);
    if (before.sound() && change.isEmpty()) {
      held.put(node, before.as(rules));
      return kept(node, now);
    }
    var number = Math.max(highest.getOrDefault(node, 0L) + 1, now);
    var marker =
        new Marker(
            number,
            "",
            0,
            "",
            shard,
            Topics.SHARDS,
            compiled.topicId(),
            compiled.position(),
            now,
            compiled.causesFrom(causesFrom),
            settings.build());
    return Optional.of(
        NodeVersion.Changed.of(node, before, change, rules, marker, settings.commitsPerSnapshot()));
  }

  /** A version that history does not have, or will lose before long, is committed once more. */
  private Optional<NodeVersion> kept(String node, long now) {
    var before = held.get(node);
    var oldest = now - settings.snapshotAge().toNanos() / 1_000;
    var safe =
        Optional.ofNullable(positions.get(node))
            .filter(p -> p.version() == before.number() && p.snapshotMicros() > oldest)
            .isPresent();
    return safe ? Optional.empty() : Optional.of(new NodeVersion.Kept(node, before));
  }

  /** One transaction: versions of nodes, their commits, and the shard's progress. */
  private final class ShardVersions implements Difference {
    private final List<NodeVersion> versions;
    private final long now;
    private final SortedMap<String, NodePosition> after = new TreeMap<>(positions);
    private final long position = compiled.position();
    private final long changes = compiled.changes();

    private ShardVersions(List<NodeVersion> versions, long now) {
      this.versions = versions;
      this.now = now;
    }

    @Override
    public long position() {
      return position;
    }

    @Override
    public void write(Transaction transaction) throws ExecutionException, InterruptedException {
      var commits = new ArrayList<Future<RecordMetadata>>();
      for (var version : versions) {
        commits.add(version.write(transaction, shard, before(version)));
      }
      for (var i = 0; i < versions.size(); i++) {
        var version = versions.get(i);
        after.put(version.node(), version.position(before(version), commits.get(i), now));
      }
      after.keySet().retainAll(nodes());
      transaction.put(
          progress.spec().name(), shard, Integer.toString(shard), Json.bytes(progress()));
    }

    private Optional<NodePosition> before(NodeVersion version) {
      return Optional.ofNullable(positions.get(version.node()));
    }

    private Progress progress() {
      return new Progress(
          shard,
          compiled.topicId(),
          position,
          compiled.beatMicros(),
          historyTopicId.orElseThrow(),
          now,
          after);
    }

    @Override
    public void committed() {
      positions = after;
      writtenMicros = now;
      equalTo = changes;
      causesFrom = position;
      for (var version : versions) {
        restoredNode(version.node(), version.after());
        var marker = version.after().marker().orElseThrow();
        LOG.info(
            "node {}: version {}, {} records, {} changes of the cluster",
            version.node(),
            marker.number(),
            marker.records(),
            marker.causes().size());
      }
    }
  }
}
