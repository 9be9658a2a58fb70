package io.portcullis.bench.core;

import io.portcullis.bench.cluster.Churn;
import io.portcullis.bench.cluster.Shape;
import io.portcullis.policy.rules.RuleSetCompiler;
import io.portcullis.policy.state.Cluster;
import io.portcullis.ruleset.Digest;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;
import io.portcullis.ruleset.SetContent;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures the parts of the work that a new or deleted pod causes. JMH generates subclasses of it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CoreBenchmark {
  private static final long SEED = 1;

  /** The name of a shape, see {@link Shape#text}. */
  @Param({"hundredth", "tenth"})
  public String shape;

  private RuleSetCompiler compiler;
  private Churn churn;
  private String node;
  private RuleSet before;
  private SetContent widest;

  /** Compiles the cluster. */
  @Setup
  public void compile() {
    var cluster = Shape.of(shape).orElseThrow();
    compiler = new RuleSetCompiler(new Cluster(cluster.objects(SEED)), Set.of());
    churn = new Churn(compiler.cluster().pods().values(), cluster.nodes(), SEED);
    node = compiler.cluster().nodes().getFirst();
    before = compiler.compile(node);
    before.digest();
    widest =
        before.sets().stream()
            .max(Comparator.comparing(set -> set.elements().size()))
            .orElseThrow();
  }

  /** Deletes or adds a pod, in the core alone. */
  @Benchmark
  public List<String> pod() {
    return compiler.apply(churn.next()).nodes();
  }

  /** Deletes or adds a pod, and computes one node's difference and digest. */
  @Benchmark
  public Digest podToNode() {
    compiler.apply(churn.next());
    var now = compiler.compile(node);
    if (RuleSetChange.between(before, now).isEmpty()) {
      return before.digest();
    }
    before = now;
    return now.digest();
  }

  /** Removes one member of the widest set and adds it again, with the set's digest. */
  @Benchmark
  public SetContent member() {
    var member = widest.elements().iterator().next();
    return widest.with(List.of(), List.of(member)).with(List.of(member), List.of());
  }
}
