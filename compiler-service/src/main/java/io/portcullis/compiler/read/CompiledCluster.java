package io.portcullis.compiler.read;

import io.portcullis.compiler.explain.Explainer;
import io.portcullis.compiler.rules.RuleSetCompiler;
import io.portcullis.compiler.state.Cluster;
import io.portcullis.compiler.state.Conflict;
import io.portcullis.ruleset.Marker.Cause;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.topic.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rule sets that follow from what was read. The worker's thread alone calls its methods; they
 * hold the cluster's lock, as an explanation that another thread asks for does.
 */
public final class CompiledCluster {
  private final ClusterReading reading;
  private final Set<String> exemptNamespaces;
  private RuleSetCompiler compiler;
  private Explainer explainer;
  private long compiledChanges = -1;

  /** By shard, the nodes that were not asked for since their rule sets became other ones. */
  private final List<Set<String>> touched =
      Stream.<Set<String>>generate(LinkedHashSet::new)
          .limit(Topics.SHARDS)
          .collect(Collectors.toCollection(ArrayList::new));

  public CompiledCluster(ClusterReading reading, Set<String> exemptNamespaces) {
    this.reading = reading;
    this.exemptNamespaces = Set.copyOf(exemptNamespaces);
    begin();
  }

  private void begin() {
    compiler = new RuleSetCompiler(new Cluster(List.of()), exemptNamespaces);
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

  public RuleSet compile(String node) {
    catchUp();
    synchronized (compiler.cluster()) {
      return compiler.compile(node);
    }
  }

  /** The nodes of a shard whose rule sets may have become other ones since this was last asked. */
  public Collection<String> takeTouched(int shard) {
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

  /** Compiles what was read since; throws when the cluster must be read again. */
  public void catchUp() {
    if (compiledChanges == reading.changes()) {
      return;
    }
    try {
      synchronized (compiler.cluster()) {
        for (var node : compiler.apply(reading.takeChanged())) {
          touched.get(Topics.shardOf(node)).add(node);
        }
      }
    } catch (RuntimeException e) {
      begin(); // half a change cannot be gone on from; the cluster is read again
      reading.discard();
      throw e;
    }
    compiledChanges = reading.changes();
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
