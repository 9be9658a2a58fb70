package io.portcullis.bench.compile;

import io.portcullis.bench.cluster.Churn;
import io.portcullis.bench.cluster.Shape;
import io.portcullis.bench.figures.BenchOutput;
import io.portcullis.bench.figures.Figure;
import io.portcullis.bench.figures.Samples;
import io.portcullis.cluster.ClusterObject;
import io.portcullis.json.Json;
import io.portcullis.net.Flow;
import io.portcullis.net.Protocol;
import io.portcullis.policy.explain.LiveExplainer;
import io.portcullis.policy.explain.Question;
import io.portcullis.policy.explain.Question.Party;
import io.portcullis.policy.rules.RuleSetCompiler;
import io.portcullis.policy.state.Cluster;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Measures one shape of cluster: compiled from nothing to the rule sets of all nodes with their
 * digests, then changed pod by pod. The heap is what all that occupies after a collection.
 *
 * <p>An event is wide when more than a quarter of the nodes use a set that it changes.
 */
public final class CompileBench {
  private static final long SEED = 20_260_501;
  private static final int NODES_FOLLOWED = 5;
  private static final double NANOS_PER_MICRO = 1_000;
  private static final int QUESTIONS = 2_000;
  private static final Optional<Flow.Port> PORT = Optional.of(new Flow.Port(Protocol.TCP, 80));

  /** Measures this thread's processor time, which other load on the machine does not affect. */
  private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

  private final Shape shape;
  private final int warmUp;
  private final int events;
  private long records;
  private long nodes;
  private final BenchOutput output;
  private final Map<String, Samples> samples = new HashMap<>();

  /** The nodes whose rule sets are requested after each event that touches them. */
  private final Map<String, RuleSet> followed = new HashMap<>();

  /**
   * Creates the benchmark.
   *
   * @param shape the shape of the cluster
   * @param warmUp how many events precede the measured ones
   * @param events how many events are measured
   * @param output receives the figures
   */
  public CompileBench(Shape shape, int warmUp, int events, BenchOutput output) {
    this.output = output;
    this.shape = shape;
    this.warmUp = warmUp;
    this.events = events;
  }

  /** Runs the benchmark and prints its figures. */
  public void run() {
    var compiler = cold();
    line("heap", usedMebibytes(), "MiB");
    var churn = new Churn(compiler.cluster().pods().values(), shape.nodes(), SEED);
    for (var i = 0; i < warmUp; i++) {
      event(compiler, churn);
    }
    samples.clear();
    for (var i = 0; i < events; i++) {
      event(compiler, churn);
    }
    tell("narrow");
    tell("wide");
    all("event").ifPresent(all -> line("events", all.perSecond(), "events/s"));
    all("node").ifPresent(all -> percentiles("node", all));
    line("node.records", records / (double) Math.max(1, nodes), "records");
    explain(compiler.cluster());
  }

  /** Measures questions of people, and how long each keeps the cluster from being changed. */
  private void explain(Cluster cluster) {
    var explainer = new LiveExplainer(cluster, Set.of());
    var pods = List.copyOf(cluster.podKeys());
    var random = new SplittableRandom(SEED);
    for (var i = 0; i < QUESTIONS; i++) {
      var ends = random.ints(2, 0, pods.size()).mapToObj(pods::get).toList();
      var begunCpu = CPU.getCurrentThreadCpuTime();
      cluster.deciding(ends, List.of());
      sample("explain.lock.cpu").add(CPU.getCurrentThreadCpuTime() - begunCpu);
      var begun = System.nanoTime();
      explainer.answer(
          new Question(
              new Party.NamedPod(ends.getFirst()), new Party.NamedPod(ends.getLast()), PORT));
      sample("explain").add(System.nanoTime() - begun);
    }
    for (var name : List.of("explain.lock.cpu", "explain")) {
      percentiles(name, sample(name));
      line(name + ".max", sample(name).percentile(100) / NANOS_PER_MICRO, "us");
    }
  }

  private RuleSetCompiler cold() {
    var objects = read();
    var begun = System.nanoTime();
    var begunCpu = CPU.getCurrentThreadCpuTime();
    var compiler = new RuleSetCompiler(new Cluster(objects), Set.of());
    line("cold.core", seconds(begun), "s");
    for (var node : compiler.cluster().nodes()) {
      var rules = compiler.compile(node);
      rules.digest();
      if (followed.size() < NODES_FOLLOWED) {
        followed.put(node, rules);
      }
    }
    line("cold", seconds(begun), "s");
    line("cold.cpu", (CPU.getCurrentThreadCpuTime() - begunCpu) / 1e9, "s");
    return compiler;
  }

  /** Returns the objects as a reader of the topic has them: nothing is shared. */
  private List<ClusterObject> read() {
    var objects = new ArrayList<ClusterObject>();
    for (var object : shape.objects(SEED)) {
      objects.add(Json.read(Json.bytes(object), ClusterObject.class));
    }
    return objects;
  }

  private void event(RuleSetCompiler compiler, Churn churn) {
    var change = churn.next();
    var begunCpu = CPU.getCurrentThreadCpuTime();
    var begun = System.nanoTime();
    var touched = compiler.apply(change).nodes();
    var nanos = System.nanoTime() - begun;
    var cpu = CPU.getCurrentThreadCpuTime() - begunCpu;
    var kind = touched.size() * 4 > shape.nodes() ? "wide" : "narrow";
    sample("event").add(nanos);
    sample(kind).add(nanos);
    sample(kind + ".cpu").add(cpu);
    sample(kind + ".span").add(touched.size());
    touched.stream().filter(followed::containsKey).forEach(node -> node(compiler, node));
  }

  /** Measures what a touched node costs: its rule set, its digest, and the records to write. */
  private void node(RuleSetCompiler compiler, String node) {
    var begun = System.nanoTime();
    var rules = compiler.compile(node);
    var change = RuleSetChange.between(followed.get(node), rules);
    rules.digest();
    sample("node").add(System.nanoTime() - begun);
    followed.put(node, rules);
    records += change.puts().size() + change.removals().size();
    nodes++;
  }

  private Samples sample(String name) {
    return samples.computeIfAbsent(name, _ -> new Samples());
  }

  private Optional<Samples> all(String name) {
    return Optional.ofNullable(samples.get(name));
  }

  private void tell(String kind) {
    for (var name : List.of(kind, kind + ".cpu")) {
      all(name).ifPresent(all -> percentiles(name, all));
    }
    all(kind + ".span")
        .ifPresent(
            all -> {
              line(kind + ".span.p50", all.percentile(50), "nodes");
              line(kind + ".span.p99", all.percentile(99), "nodes");
            });
  }

  private static double seconds(long begun) {
    return (System.nanoTime() - begun) / 1e9;
  }

  private static double usedMebibytes() {
    System.gc();
    var memory = Runtime.getRuntime();
    return (memory.totalMemory() - memory.freeMemory()) / 1024.0 / 1024.0;
  }

  /** Prints two percentiles of times in nanoseconds. */
  private void percentiles(String name, Samples times) {
    line(name + ".p50", times.percentile(50) / NANOS_PER_MICRO, "us");
    line(name + ".p99", times.percentile(99) / NANOS_PER_MICRO, "us");
  }

  private void line(String name, double value, String unit) {
    output.figure(new Figure("compile." + shape.text() + "." + name, value, unit));
  }
}
