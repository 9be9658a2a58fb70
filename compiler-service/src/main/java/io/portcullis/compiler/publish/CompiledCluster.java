package io.portcullis.compiler.publish;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.compiler.replica.ClusterReplica;
import io.portcullis.compiler.versions.Versioned;
import io.portcullis.policy.explain.Explainer;
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
 * The rule sets that follow from what was read. The worker's thread alone calls its methods; they
 * hold the cluster's lock, as an explanation that another thread asks for does.
 */
public final class CompiledCluster {
  private static final SequencedSet<Integer> NONE =
      Collections.unmodifiableSequencedSet(new LinkedHashSet<>());

  private final ClusterReplica reading;
  private final Set<String> exemptNamespaces;
  private final WideSetPolicy width;
  private RuleSetCompiler compiler;
  private Explainer explainer;
  private List<SetId> wide = List.of();
  private long compiledChanges = -1;

  /** By shard, the nodes and wide sets that were not asked for since they became other ones. */
  private final List<Set<Versioned>> touched =
      Stream.<Set<Versioned>>generate(LinkedHashSet::new)
          .limit(Topics.SHARDS)
          .collect(Collectors.toCollection(ArrayList::new));

  /**
   * @param width which sets are published once for many nodes
   */
  public CompiledCluster(
      ClusterReplica reading, Set<String> exemptNamespaces, WideSetPolicy width) {
    this.reading = reading;
    this.exemptNamespaces = Set.copyOf(exemptNamespaces);
    this.width = width;
    begin();
  }

  private void begin() {
    compiler = new RuleSetCompiler(new Cluster(List.of()), exemptNamespaces, width);
    explainer = new Explainer(compiler, exemptNamespaces);
  }

  /**
   * Names of the nodes that get a rule set; none while the reading is not whole. It is the same
   * list as long as they are the same.
   */
  public List<String> nodes() {
    if (!reading.whole()) {
      return List.of();
    }
    catchUp();
    return compiler.cluster().nodes();
  }

  /** What a node's own topic is to hold. */
  public RuleSet narrow(String node) {
    catchUp();
    synchronized (compiler.cluster()) {
      return compiler.narrow(node);
    }
  }

  /** The wide sets that a node needs beside that, by id. */
  public List<SetContent> wide(String node) {
    catchUp();
    synchronized (compiler.cluster()) {
      return compiler.wide(node);
    }
  }

  /** A wide set, if it is one. */
  public Optional<SetContent> wide(SetId set) {
    catchUp();
    synchronized (compiler.cluster()) {
      return compiler.wide(set);
    }
  }

  /** All wide sets; the same list as long as they are the same. */
  public List<SetId> wide() {
    catchUp();
    return wide;
  }

  /** What of a shard may have become another one since this was last asked. */
  public Collection<Versioned> takeTouched(int shard) {
    catchUp();
    var taken = touched.get(shard);
    if (taken.isEmpty()) {
      return List.of();
    }
    touched.set(shard, new LinkedHashSet<>());
    return taken;
  }

  /** Whether all of the cluster was read; only then may anything be compiled from it. */
  public boolean isWhole() {
    return reading.whole();
  }

  /** Explains the cluster as it was last compiled; none before it is whole. */
  public Optional<Explainer> explainer() {
    if (!reading.whole()) {
      return Optional.empty();
    }
    catchUp();
    return Optional.of(explainer);
  }

  /** Addresses that several pods have (T11); none while the reading is not whole. */
  public List<Conflict> conflicts() {
    if (!reading.whole()) {
      return List.of();
    }
    catchUp();
    return compiler.cluster().conflicts();
  }

  /**
   * Compiles what was read since; throws when the cluster must be read again.
   *
   * @return the shards that are to be written first: a pod waits for its own node, which lets
   *     nothing of it pass until it knows it (C1), and most nodes wait for a wide set
   */
  public SequencedSet<Integer> catchUp() {
    if (compiledChanges == reading.changes()) {
      return NONE;
    }
    var changed = reading.takeChanged();
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
      begin(); // half a change cannot be gone on from; the cluster is read again
      reading.discard();
      throw e;
    }
    compiledChanges = reading.changes();
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

  /** Returns its shard. */
  private int touch(Versioned unit) {
    touched.get(unit.shard()).add(unit);
    return unit.shard();
  }

  public String topicId() {
    return reading.topicId();
  }

  public long position() {
    return reading.position();
  }

  public long beatMicros() {
    return reading.beatMicros();
  }

  public List<Cause> causesFrom(long offset) {
    return reading.causesFrom(offset);
  }
}
