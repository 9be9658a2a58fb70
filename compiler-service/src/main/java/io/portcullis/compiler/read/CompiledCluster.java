package io.portcullis.compiler.read;

import io.portcullis.compiler.explain.Explainer;
import io.portcullis.compiler.rules.RuleSetCompiler;
import io.portcullis.compiler.state.Cluster;
import io.portcullis.compiler.state.Conflict;
import io.portcullis.ruleset.Marker.Cause;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.topic.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rule sets that follow from what was read. The worker's thread alone calls its methods; they
 * hold the cluster's lock, as an explanation that another thread asks for does.
 */
public final class CompiledCluster {
  private static final Logger LOG = LoggerFactory.getLogger(CompiledCluster.class);

  private final ClusterReading reading;
  private final Set<String> exemptNamespaces;
  private RuleSetCompiler compiler;
  private Explainer explainer;
  private List<String> allNodes = List.of();
  private List<String> nodes = List.of();
  private long compiledChanges = -1;

  /** By node, the changes with which its rule set last became another. */
  private final Map<String, Long> touched = new HashMap<>();

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
    return nodes;
  }

  public RuleSet compile(String node) {
    catchUp();
    synchronized (compiler.cluster()) {
      return compiler.compile(node);
    }
  }

  /**
   * Whether a node's rule set may be another than it was.
   *
   * @param changes {@link #changes} when it was compiled, or less than 0: it never was
   */
  public boolean changedSince(String node, long changes) {
    catchUp();
    if (changes < 0) {
      return true;
    }
    return touched.getOrDefault(node, 0L) > changes;
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

  private void catchUp() {
    if (compiledChanges == reading.changes()) {
      return;
    }
    try {
      synchronized (compiler.cluster()) {
        for (var node : compiler.apply(reading.takeChanged())) {
          touched.put(node, reading.changes());
        }
      }
    } catch (RuntimeException e) {
      begin(); // half a change cannot be gone on from; the cluster is read again
      throw e;
    }
    compiledChanges = reading.changes();
    if (compiler.cluster().nodes() != allNodes) {
      allNodes = compiler.cluster().nodes();
      nodes = allNodes.stream().filter(CompiledCluster::fits).toList();
      touched.keySet().retainAll(Set.copyOf(nodes));
    }
  }

  private static boolean fits(String node) {
    if (!Topics.fits(node)) {
      LOG.error("Node/{}: metadata.name: too long for a topic; this node gets no rules", node);
    }
    return Topics.fits(node);
  }

  public long changes() {
    return reading.changes();
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
