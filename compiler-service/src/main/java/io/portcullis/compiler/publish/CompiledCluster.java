package io.portcullis.compiler.publish;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.compiler.replica.ClusterReplica;
import io.portcullis.compiler.versions.Versioned;
import io.portcullis.policy.rules.RuleSetCompiler;
import io.portcullis.policy.rules.WideSetPolicy;
import io.portcullis.policy.state.Cluster;
import io.portcullis.policy.state.Conflict;
import io.portcullis.ruleset.Marker.Cause;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.SetContent;
import io.portcullis.ruleset.SetId;
import io.portcullis.topic.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rule sets that follow from the replica of the cluster, as of the last {@link #catchUp}. Only
 * the loop's thread calls its methods. {@link #catchUp} holds the cluster's lock, as explanations
 * for other threads do while they take what they are about.
 */
public final class CompiledCluster {
  private static final SequencedSet<Integer> NONE =
      Collections.unmodifiableSequencedSet(new LinkedHashSet<>());

  private final ClusterReplica replica;
  private final Set<String> exemptNamespaces;
  private final WideSetPolicy widePolicy;
  private RuleSetCompiler compiler;
  private List<SetId> wide = List.of();
  private long compiledChanges = -1;

  /** The nodes and wide sets, by shard, that have changed since they were last taken. */
  private final List<Set<Versioned>> touched =
      Stream.<Set<Versioned>>generate(LinkedHashSet::new)
          .limit(Topics.SHARDS)
          .collect(Collectors.toCollection(ArrayList::new));

  /**
   * @param widePolicy decides which sets are published once for many nodes
   */
  public CompiledCluster(
      ClusterReplica replica, Set<String> exemptNamespaces, WideSetPolicy widePolicy) {
    this.replica = replica;
    this.exemptNamespaces = Set.copyOf(exemptNamespaces);
    this.widePolicy = widePolicy;
    begin();
  }

  private void begin() {
    compiler = new RuleSetCompiler(new Cluster(List.of()), exemptNamespaces, widePolicy);
  }

  /**
   * Returns the names of all nodes; none while the replica is not whole. The list is the same
   * object until a node comes or goes.
   */
  public List<String> nodes() {
    if (!replica.whole()) {
      return List.of();
    }
    return compiler.cluster().nodes();
  }

  /** Returns the rule set that a node's own topic should hold. */
  public RuleSet narrow(String node) {
    return compiler.narrow(node);
  }

  /** Returns the wide sets that a node needs besides, in the order of their ids. */
  public List<SetContent> wide(String node) {
    return compiler.wide(node);
  }

  /** Returns the content of a set, if the set is wide. */
  public Optional<SetContent> wide(SetId set) {
    return compiler.wide(set);
  }

  /** Returns all wide sets. The list is the same object until one of them changes. */
  public List<SetId> wide() {
    return wide;
  }

  /** Returns what may have changed in a shard since the last call. */
  public Collection<Versioned> takeTouched(int shard) {
    var taken = touched.get(shard);
    if (taken.isEmpty()) {
      return List.of();
    }
    touched.set(shard, new LinkedHashSet<>());
    return taken;
  }

  /** Tells whether the replica is whole; only then may anything be compiled from it. */
  public boolean isWhole() {
    return replica.whole();
  }

  /** Returns the cluster, for explanations. */
  public Cluster cluster() {
    return compiler.cluster();
  }

  /** Returns the addresses that several pods have (T11); none while the replica is not whole. */
  public List<Conflict> conflicts() {
    if (!replica.whole()) {
      return List.of();
    }
    return compiler.cluster().conflicts();
  }

  /**
   * Compiles what has changed in the replica. If it throws, the cluster must be read again.
   *
   * @return the shards that must be written first. A pod waits for its own node, which blocks its
   *     traffic until it knows the pod (C1), and most nodes wait for a wide set
   */
  public SequencedSet<Integer> catchUp() {
    if (compiledChanges == replica.changes()) {
      return NONE;
    }
    var changed = replica.takeChanged();
    var first = new LinkedHashSet<>(ofPods(changed.values()));
    try {
      synchronized (compiler.cluster()) {
        var now = compiler.apply(changed);
        now.nodes().forEach(node -> touch(new Versioned.OfNode(node)));
        now.wide().stream().map(Versioned.OfSet::new).forEach(set -> first.add(touch(set)));
        if (!now.wide().isEmpty()) {
          wide = compiler.wide();
        }
      }
    } catch (RuntimeException e) {
      begin(); // half a change is of no use: the cluster is read again
      replica.discard();
      throw e;
    }
    compiledChanges = replica.changes();
    return Collections.unmodifiableSequencedSet(first);
  }

  private static Set<Integer> ofPods(Collection<Optional<ClusterObject>> changed) {
    return changed.stream()
        .flatMap(Optional::stream)
        .filter(Pod.class::isInstance)
        .map(pod -> ((Pod) pod).node())
        .filter(node -> !node.isEmpty())
        .map(Topics::shardOf)
        .collect(Collectors.toSet());
  }

  /** Marks a node or set as changed, and returns its shard. */
  private int touch(Versioned unit) {
    touched.get(unit.shard()).add(unit);
    return unit.shard();
  }

  public String topicId() {
    return replica.topicId();
  }

  public long position() {
    return replica.position();
  }

  public long beatMicros() {
    return replica.beatMicros();
  }

  public List<Cause> causesFrom(long offset) {
    return replica.causesFrom(offset);
  }
}
