package io.portcullis.compiler.read;

import io.portcullis.compiler.explain.Explainer;
import io.portcullis.compiler.rules.RuleSetCompiler;
import io.portcullis.compiler.state.Cluster;
import io.portcullis.ruleset.Marker.Cause;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.topic.Topics;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rule sets that follow from what was read, compiled when they are asked for. */
public final class CompiledCluster {
  private static final Logger LOG = LoggerFactory.getLogger(CompiledCluster.class);

  private final ClusterReading reading;
  private final Set<String> exemptNamespaces;
  private Optional<RuleSetCompiler> compiler = Optional.empty();
  private Optional<Explainer> explainer = Optional.empty();
  private List<String> nodes = List.of();
  private long compiledChanges = -1;

  public CompiledCluster(ClusterReading reading, Set<String> exemptNamespaces) {
    this.reading = reading;
    this.exemptNamespaces = Set.copyOf(exemptNamespaces);
  }

  /** Names of the nodes that get a rule set; none while the reading is not whole. */
  public List<String> nodes() {
    return reading.whole() ? current().nodes : List.of();
  }

  public RuleSet compile(String node) {
    return current().compiler.orElseThrow().compile(node);
  }

  /**
   * Explains this state of the cluster, also while a later one is read; none before it is whole.
   */
  public Optional<Explainer> explainer() {
    return reading.whole() ? current().explainer : Optional.empty();
  }

  private CompiledCluster current() {
    if (compiledChanges != reading.changes()) {
      Cluster cluster = reading.cluster();
      compiler = Optional.of(new RuleSetCompiler(cluster, exemptNamespaces));
      explainer = Optional.of(new Explainer(cluster, exemptNamespaces));
      nodes = cluster.nodes().stream().filter(CompiledCluster::fits).toList();
      compiledChanges = reading.changes();
    }
    return this;
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
