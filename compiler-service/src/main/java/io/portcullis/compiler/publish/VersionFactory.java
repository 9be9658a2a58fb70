package io.portcullis.compiler.publish;

import io.portcullis.compiler.versions.Versioned;
import io.portcullis.history.NodePosition;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;
import io.portcullis.topic.Topics;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the versions of nodes and wide sets from the compiled cluster. */
final class VersionFactory {
  private static final Logger LOG = LoggerFactory.getLogger(VersionFactory.class);

  /** A marker names the first causes of a storm, because these have waited for longest. */
  private static final int MAX_CAUSES = 50;

  private final CompiledCluster compiled;
  private final VersionSettings settings;

  VersionFactory(CompiledCluster compiled, VersionSettings settings) {
    this.compiled = compiled;
    this.settings = settings;
  }

  /**
   * What a new version is made from.
   *
   * @param published what the topic holds
   * @param minNumber the least number that the version may have
   * @param causesFrom the position in the cluster topic from which changes may be causes
   */
  record Request(Versioned unit, PublishedVersion published, long minNumber, long causesFrom) {}

  /** What comes of a request. */
  sealed interface Result {
    record New(VersionWrite.Changed write) implements Result {}

    /** The topic holds the right version; this one shares its rule set with other nodes. */
    record Unchanged(PublishedVersion version) implements Result {}

    /** The rule set cannot be compiled. */
    record Failed(String reason) implements Result {}
  }

  Result make(Request request, long nowMicros) {
    var unit = request.unit();
    var published = request.published();
    try {
      var wide = needs(unit);
      var rules = rules(unit);
      var change = RuleSetChange.between(published.rules(), rules);
      if (change.isEmpty()
          && published.needs(wide, compiled.topicId())
          && published.as(rules).isSound()) {
        return new Result.Unchanged(published.as(rules));
      }
      var after = published.next(rules, marker(request, rules, wide, nowMicros));
      var minCommits = settings.history().commitsPerSnapshot();
      return new Result.New(new VersionWrite.Changed(unit, published, change, after, minCommits));
    } catch (RuntimeException e) {
      LOG.error("{}: cannot be compiled; it keeps its version", unit.name(), e);
      return new Result.Failed(e.toString());
    }
  }

  /** Returns the rule set that a topic should hold of a node or wide set. */
  RuleSet rules(Versioned unit) {
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

  private Marker marker(Request request, RuleSet rules, List<Marker.Wide> wide, long nowMicros) {
    return new Marker(
        Math.max(request.minNumber(), nowMicros),
        new Marker.Content(rules, request.published().topicId()),
        new Marker.Compilation(
            new Marker.ClusterPosition(compiled.topicId(), compiled.position()),
            new Marker.Shard(request.unit().shard(), Topics.SHARDS),
            nowMicros,
            compiled.causesFrom(request.causesFrom()).stream().limit(MAX_CAUSES).toList(),
            settings.build()),
        wide);
  }

  /** Commits a version again if history does not have it, or will lose it before long. */
  Optional<VersionWrite> kept(
      Versioned unit, PublishedVersion version, Optional<NodePosition> position, long nowMicros) {
    var oldest = nowMicros - settings.history().maxSnapshotAge().toNanos() / 1_000;
    var isSafe =
        position
            .filter(p -> p.version() == version.number() && p.snapshotMicros() > oldest)
            .filter(NodePosition::hasHistory)
            .isPresent();
    return isSafe || version.marker().isEmpty()
        ? Optional.empty()
        : Optional.of(new VersionWrite.Kept(unit, version));
  }
}
