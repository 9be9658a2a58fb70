package io.portcullis.compiler.publish;

import io.portcullis.compiler.versions.Versioned;
import io.portcullis.ruleset.SetId;
import io.portcullis.topic.ShardContent.Kind;
import io.portcullis.topic.ShardContent.ShardTopic;
import io.portcullis.topic.Topics;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The nodes and wide sets of one shard, and the topics that they are written to. */
final class ShardMembers {
  private final int shard;
  private final CompiledCluster compiled;
  private final ShardTopic history;
  private final ShardTopic progress;
  private final ShardTopic sets;

  /** The lists of the whole cluster that the shard's members were taken from. */
  private List<String> allNodes = List.of();

  private List<SetId> allSets = List.of();

  private Map<ShardTopic, Versioned> nodes = Map.of();
  private List<Versioned> wideSets = List.of();
  private Set<String> names = Set.of();
  private List<ShardTopic> topics = List.of();

  ShardMembers(int shard, CompiledCluster compiled, VersionSettings.History past) {
    this.shard = shard;
    this.compiled = compiled;
    this.history = new ShardTopic(Topics.history(past.window(), past.bytes()), shard, Kind.LOG);
    this.progress = new ShardTopic(Topics.progress(), shard, Kind.COMPACTED);
    this.sets = new ShardTopic(Topics.sets(), shard, Kind.COMPACTED);
  }

  /** Takes over the cluster's present nodes and wide sets, and tells whether the nodes changed. */
  boolean catchUp() {
    if (compiled.nodes() == allNodes && compiled.wide() == allSets && !topics.isEmpty()) {
      return false;
    }
    allNodes = compiled.nodes();
    allSets = compiled.wide();
    var found = new LinkedHashMap<ShardTopic, Versioned>();
    allNodes.stream()
        .filter(node -> Topics.shardOf(node) == shard)
        .map(Versioned.OfNode::new)
        .forEach(node -> found.put(new ShardTopic(node.topic(), 0, Kind.COMPACTED), node));
    wideSets =
        allSets.stream()
            .<Versioned>map(Versioned.OfSet::new)
            .filter(set -> set.shard() == shard)
            .toList();
    names =
        Stream.concat(found.values().stream(), wideSets.stream())
            .map(Versioned::name)
            .collect(Collectors.toUnmodifiableSet());
    if (!topics.isEmpty() && found.equals(nodes)) {
      return false;
    }
    nodes = found;
    topics = Stream.concat(Stream.of(history, progress, sets), found.keySet().stream()).toList();
    return true;
  }

  ShardTopic history() {
    return history;
  }

  ShardTopic progress() {
    return progress;
  }

  ShardTopic sets() {
    return sets;
  }

  /** Returns the nodes by their topics. */
  Map<ShardTopic, Versioned> nodes() {
    return nodes;
  }

  List<Versioned> wideSets() {
    return wideSets;
  }

  /** Returns the names of all nodes and wide sets. */
  Set<String> names() {
    return names;
  }

  /** Returns all topics of the shard. The list is the same object until a node comes or goes. */
  List<ShardTopic> topics() {
    return topics;
  }

  /** Tells whether a set that has been wide is wide no longer. */
  boolean isNarrowAgain(Versioned unit) {
    return unit instanceof Versioned.OfSet(var set) && compiled.wide(set).isEmpty();
  }

  /** Returns the names of the topics that belong to one node or wide set alone. */
  static Stream<String> topicsOf(String name) {
    return switch (Versioned.parse(name)) {
      case Versioned.OfNode(var node) ->
          Stream.of(Topics.node(node).name(), Topics.applied(node, Duration.ZERO).name());
      case Versioned.OfSet _ -> Stream.of();
    };
  }
}
