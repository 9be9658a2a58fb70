package io.portcullis.compiler.publish;

import io.portcullis.compiler.versions.Versioned;
import io.portcullis.history.NodePosition.Gone;
import io.portcullis.history.Progress;
import io.portcullis.history.ShardProgress;
import io.portcullis.topic.ShardContent;
import io.portcullis.topic.TopicChanges;
import io.portcullis.topic.TopicContent;
import io.portcullis.topic.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the nodes and wide sets of one shard published: compares what is compiled with what their
 * topics hold, and makes transactions of the differences. Only the loop's thread uses it.
 *
 * <pre>
 *   catchUp: compiled cluster ──▶ members, queue of outdated nodes and sets
 *   restored: topics ──▶ published versions, positions in history
 *   prepare: queue, compiled cluster, published versions ──▶ transaction ──committed──▶ published versions
 * </pre>
 */
public final class NodeShard implements ShardContent {
  private static final Logger LOG = LoggerFactory.getLogger(NodeShard.class);
  private static final Duration BETWEEN_RETIREMENTS = Duration.ofSeconds(1);

  /** A take-over has to read what another process wrote in the meantime. */
  private static final Duration BETWEEN_FOLLOWS = Duration.ofSeconds(15);

  private final int shard;
  private final CompiledCluster compiled;
  private final ShardMembers members;
  private final VersionFactory factory;
  private final PublishedVersions published;
  private final HistoryIndex positions = new HistoryIndex();
  private final NodeRetirement retirement;
  private final PendingVersions pending;
  private final LongSupplier clockMicros;
  private final BatchSize batchSize = new BatchSize();
  private final ProgressSchedule schedule = new ProgressSchedule();
  private final Interval retiring = new Interval(BETWEEN_RETIREMENTS);
  private final Interval following = new Interval(BETWEEN_FOLLOWS);

  private Optional<String> setsTopicId = Optional.empty();

  /** Changes of the cluster topic before this position are compiled or in the queue. */
  private long takenTo;

  private Optional<Difference> prepared = Optional.empty();

  public NodeShard(
      int shard, CompiledCluster compiled, VersionSettings settings, LongSupplier clockMicros) {
    this.shard = shard;
    this.compiled = compiled;
    this.members = new ShardMembers(shard, compiled, settings.history());
    this.factory = new VersionFactory(compiled, settings);
    this.published = new PublishedVersions(members.sets());
    this.pending = new PendingVersions(members, factory, published, positions);
    this.retirement = new NodeRetirement(settings.grace(), settings.history().window());
    this.clockMicros = clockMicros;
  }

  /** Takes in what was compiled. The loop calls it after each {@link CompiledCluster#catchUp}. */
  public void catchUp() {
    if (!compiled.isWhole()) {
      return;
    }
    if (members.catchUp()) {
      published.nodes(members.nodes());
      for (var unit : published.units()) {
        if (unit instanceof Versioned.OfNode && !members.names().contains(unit.name())) {
          forget(unit);
        }
      }
    }
    var touched = compiled.takeTouched(shard);
    if (isOwned()) {
      touched.forEach(this::touched);
    }
  }

  private void forget(Versioned unit) {
    published.remove(unit);
    pending.remove(unit);
  }

  /** Queues a node or set. What is not restored yet is queued when it is. */
  private void touched(Versioned unit) {
    if (unit instanceof Versioned.OfSet && setsTopicId.isPresent() && !published.has(unit)) {
      published.put(unit, PublishedVersion.nothing(setsTopicId.get()));
    }
    if (published.has(unit)) {
      pending.add(unit, takenTo);
    }
  }

  @Override
  public Collection<ShardTopic> topics() {
    return compiled.isWhole() ? members.topics() : List.of();
  }

  /** Tells whether the shard has any node or wide set. */
  public boolean hasMembers() {
    return !topics().isEmpty() && !members.names().isEmpty();
  }

  @Override
  public Optional<Source> source() {
    return Optional.of(new Source(Topics.cluster().name(), compiled.topicId()));
  }

  @Override
  public Restored restored(ShardTopic topic, TopicContent content) {
    if (topic.equals(members.history())) {
      return () -> takeHistory(content);
    }
    if (topic.equals(members.progress())) {
      var read = ShardProgress.of(content.values());
      return () -> takeProgress(read);
    }
    var read = published.read(topic, content);
    return () -> take(read);
  }

  @Override
  public Restored restored(ShardTopic topic, TopicChanges since) {
    var read = published.read(topic, since);
    return () -> {
      if (read.isEmpty()) {
        LOG.warn(
            "topic {}: the changes do not lead to the newest version; reading all of it",
            topic.spec().name());
        published.doubt(topic);
        return false;
      }
      return take(read.get());
    };
  }

  private boolean take(PublishedVersions.Read read) {
    published.reached(read);
    if (!isOwned()) {
      read.versions()
          .forEach((unit, version) -> published.put(unit, version.like(factory.rules(unit))));
      return true;
    }
    if (read.topic().equals(members.sets())) {
      setsTopicId = Optional.of(read.checkpoint().topicId());
      members.wideSets().forEach(this::touched);
    }
    read.versions()
        .forEach(
            (unit, version) -> {
              hold(unit, version);
              pending.add(unit, takenTo);
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
        .forEach(
            reason -> LOG.error("portcullis.progress: {}: {}; writing it again", shard, reason));
    positions.takeProgress(read);
    takenTo = compiledBefore();
    return true;
  }

  private long compiledBefore() {
    return positions.compiledTo(compiled.topicId()).orElse(compiled.position());
  }

  private void hold(Versioned unit, PublishedVersion version) {
    published.put(unit, version);
    positions.numbered(unit.name(), version.number());
  }

  @Override
  public Optional<Checkpoint> checkpoint(ShardTopic topic) {
    return published.checkpoint(topic);
  }

  @Override
  public Collection<ShardTopic> followed() {
    var now = clockMicros.getAsLong();
    if (!hasMembers() || !following.isDue(now)) {
      return List.of();
    }
    following.restart(now);
    return Stream.concat(Stream.of(members.sets()), members.nodes().keySet().stream()).toList();
  }

  @Override
  public void forget() {
    released();
    published.clear();
  }

  @Override
  public void released() {
    pending.clear();
    positions.release();
    setsTopicId = Optional.empty();
    prepared = Optional.empty();
  }

  @Override
  public Collection<String> unwanted() {
    var now = clockMicros.getAsLong();
    if (!retiring.isDue(now)) {
      return List.of();
    }
    retiring.restart(now);
    return retirement.due(positions.all(), members.names(), now, compiled.beatMicros());
  }

  @Override
  public void deleted(Collection<String> gone) {
    positions.replace(retirement.deleted(positions.all(), Set.copyOf(gone)));
  }

  @Override
  public void prepare() {
    takenTo = compiled.position();
    var now = clockMicros.getAsLong();
    var batch = new Batch(batchSize.most());
    pending.fill(batch, new Gone(now, compiled.beatMicros(), true));
    var isBeatDue = beats() && schedule.isDue(now, compiled);
    if (isBeatDue) {
      pending.fillKept(batch, now);
    }
    prepared =
        batch.isEmpty() && !isBeatDue
            ? Optional.empty()
            : Optional.of(transaction(batch, now, isBeatDue));
  }

  @Override
  public void late() {
    batchSize.late();
  }

  /** Tells whether the shard writes its progress at intervals. One without history does not. */
  private boolean beats() {
    return !members.names().isEmpty() || !positions.all().isEmpty();
  }

  private Difference transaction(Batch batch, long now, boolean isBeatDue) {
    var written = batch.writes().stream().map(VersionWrite::unit).toList();
    var position = compiled.position();
    var beatMicros = compiled.beatMicros();
    var snapshot =
        positions.snapshot(
            isBeatDue
                ? retirement.changes(positions.all(), members.names(), now, compiled.beatMicros())
                : Map.of());
    var progress =
        new Progress(
            shard,
            compiled.topicId(),
            pending.openFrom(written).orElse(takenTo),
            compiled.beatMicros(),
            positions.historyTopicId().orElseThrow(),
            now);
    return new ShardTransaction(
        progress,
        batch,
        snapshot,
        after -> {
          batchSize.committed();
          positions.written(after, snapshot.unwritten());
          batch.writes().forEach(this::written);
          prepared = Optional.empty();
          if (isBeatDue) {
            schedule.written(now, position, beatMicros);
          }
        });
  }

  private void written(VersionWrite write) {
    switch (write) {
      case VersionWrite.Changed changed -> hold(changed.unit(), changed.after());
      case VersionWrite.Kept kept -> hold(kept.unit(), kept.version());
      case VersionWrite.Withdrawn withdrawn -> published.remove(withdrawn.unit());
    }
    pending.written(write.unit());
  }

  @Override
  public Optional<Difference> difference() {
    return prepared;
  }

  /** Returns how long the shard's next beat can wait; empty if it has none. */
  public Optional<Duration> untilBeat() {
    return isOwned() && beats()
        ? Optional.of(schedule.remaining(clockMicros.getAsLong(), compiled))
        : Optional.empty();
  }

  /** Returns how many nodes and wide sets may need another version than their topics hold. */
  public int behind() {
    return pending.size();
  }

  /** Returns the reasons why nodes and wide sets cannot be compiled, by name. */
  public Map<String, String> failures() {
    return pending.failures();
  }
}
