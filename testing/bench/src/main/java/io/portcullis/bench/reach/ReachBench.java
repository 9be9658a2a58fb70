package io.portcullis.bench.reach;

import io.portcullis.bench.cluster.Shape;
import io.portcullis.bench.figures.BenchOutput;
import io.portcullis.bench.figures.Figure;
import io.portcullis.bench.figures.Samples;
import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.Tier;
import io.portcullis.cluster.TieredRule;
import io.portcullis.net.IpAddress;
import io.portcullis.policy.reach.ChangeAnswer;
import io.portcullis.policy.reach.ChangeQuery;
import io.portcullis.policy.reach.CountQuery;
import io.portcullis.policy.reach.Ends;
import io.portcullis.policy.reach.Level;
import io.portcullis.policy.reach.PortSet;
import io.portcullis.policy.reach.ReachQuery;
import io.portcullis.policy.reach.Size;
import io.portcullis.policy.reach.Snapshot;
import io.portcullis.policy.rules.RuleSetCompiler;
import io.portcullis.policy.state.Cluster;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures one shape of cluster: all flows decided once, open pairs counted, who reaches one pod,
 * what the loss of one policy opens and closes, and what a policy for all pods does. The heap is
 * what is used beside the compiled cluster.
 */
public final class ReachBench {
  private static final long SEED = 20_260_501;
  private static final double NANOS_PER_MILLI = 1e6;

  /** Measures this thread's processor time, which other load on the machine does not affect. */
  private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

  private final Shape shape;
  private final int questions;
  private final BenchOutput output;

  /**
   * Creates the benchmark.
   *
   * @param questions how many questions of each kind are asked
   * @param output receives the figures
   */
  public ReachBench(Shape shape, int questions, BenchOutput output) {
    this.shape = shape;
    this.questions = questions;
    this.output = output;
  }

  /** Runs the benchmark and prints its figures. */
  public void run() {
    var objects = shape.objects(SEED);
    var compiler = new RuleSetCompiler(new Cluster(objects), Set.of());
    var before = usedMebibytes();
    try (var peak = new PeakHeap()) {
      measure(objects, compiler, before);
      line("heap.peak", peak.mebibytes() - before, "MiB");
    }
  }

  private void measure(List<ClusterObject> objects, RuleSetCompiler compiler, double before) {
    var begun = CPU.getCurrentThreadCpuTime();
    var snapshot = Snapshot.of(compiler);
    var taken = CPU.getCurrentThreadCpuTime();
    var size = Size.of(snapshot);
    var decided = CPU.getCurrentThreadCpuTime();
    line("classes", size.classes(), "classes");
    line("chains", size.chains(), "chains");
    line("intervals", size.intervals(), "intervals");
    line("snapshot", (taken - begun) / NANOS_PER_MILLI, "ms");
    line("everything", (decided - taken) / NANOS_PER_MILLI, "ms");
    line("heap", usedMebibytes() - before, "MiB");
    var random = Random.from(new SplittableRandom(SEED));
    counts(snapshot);
    reach(objects, snapshot, random);
    preview(objects, compiler, snapshot, random);
    previewOfEverything("admits", TieredRule.Action.ACCEPT, compiler, snapshot);
    previewOfEverything("denies", TieredRule.Action.DENY, compiler, snapshot);
  }

  /** Measures how many pairs of pods are open, by their namespaces. */
  private void counts(Snapshot snapshot) {
    var counted = new AtomicLong();
    var pairs = new AtomicLong();
    once(
        "counts",
        () ->
            new CountQuery(Ends.ALL, Ends.ALL, PortSet.EVERYTHING)
                .forEach(
                    snapshot,
                    count -> {
                      counted.incrementAndGet();
                      pairs.addAndGet(count.open());
                    }));
    line("counts.namespaces", counted.get(), "pairs");
    line("counts.open", pairs.get(), "pairs");
  }

  /** Measures what a policy for all pods opens and closes that comes before all others. */
  private void previewOfEverything(
      String name, TieredRule.Action action, RuleSetCompiler compiler, Snapshot before) {
    var all = Optional.of(LabelSelector.EVERYTHING);
    var policy =
        new TieredPolicy(
            new ObjectKey("policy.networking.k8s.io", "ClusterNetworkPolicy", "", name),
            new Origin("api", name, 1, 0),
            Tier.ADMIN,
            1,
            new Peer.Pods(all, all),
            List.of(
                new TieredRule("all", action, new PolicyRule(Optional.empty(), Optional.empty()))),
            List.of());
    var groups = new AtomicLong();
    once(
        "preview." + name + "_all",
        () -> {
          change(compiler, policy, Optional.of(policy));
          groups.set(told(before, compiler));
        });
    line("preview." + name + "_all.groups", groups.get(), "groups");
    change(compiler, policy, Optional.empty());
  }

  private void reach(List<ClusterObject> objects, Snapshot snapshot, Random random) {
    var pods = objects.stream().filter(Pod.class::isInstance).map(Pod.class::cast).toList();
    var times = new Samples();
    for (var i = 0; i < questions; i++) {
      var asked = pods.get(random.nextInt(pods.size()));
      var to =
          new Ends() {
            @Override
            public boolean has(IpAddress address, Optional<Pod> pod) {
              return pod.filter(asked::equals).isPresent();
            }
          };
      var begun = CPU.getCurrentThreadCpuTime();
      new ReachQuery(Ends.ALL, to, PortSet.EVERYTHING, Level.WORKLOAD).rows(snapshot);
      times.add(CPU.getCurrentThreadCpuTime() - begun);
    }
    percentiles("to_one_pod", times);
  }

  /** Measures what it takes to tell what the loss of a policy opens and closes. */
  private void preview(
      List<ClusterObject> objects, RuleSetCompiler compiler, Snapshot before, Random random) {
    var policies =
        objects.stream()
            .filter(NetworkPolicy.class::isInstance)
            .map(NetworkPolicy.class::cast)
            .toList();
    var times = new Samples();
    var rows = new Samples();
    for (var i = 0; i < questions; i++) {
      var policy = policies.get(random.nextInt(policies.size()));
      var begun = CPU.getCurrentThreadCpuTime();
      change(compiler, policy, Optional.empty());
      var changed = told(before, compiler);
      times.add(CPU.getCurrentThreadCpuTime() - begun);
      rows.add(changed);
      change(compiler, policy, Optional.of(policy));
    }
    percentiles("preview", times);
    line("preview.rows.p50", rows.percentile(50), "rows");
    line("preview.rows.max", rows.percentile(100), "rows");
  }

  /** Returns in how many rows or groups it is told what was changed. */
  private static int told(Snapshot before, RuleSetCompiler compiler) {
    return switch (new ChangeQuery(Level.WORKLOAD).answer(before, Snapshot.of(compiler))) {
      case ChangeAnswer.Pairs(var rows) -> rows.size();
      case ChangeAnswer.Groups(var groups) -> groups.size();
    };
  }

  private static void change(
      RuleSetCompiler compiler, ClusterObject policy, Optional<ClusterObject> form) {
    compiler.apply(Map.<ObjectKey, Optional<ClusterObject>>of(policy.key(), form));
  }

  private void once(String name, Runnable measured) {
    var begun = CPU.getCurrentThreadCpuTime();
    measured.run();
    line(name, (CPU.getCurrentThreadCpuTime() - begun) / NANOS_PER_MILLI, "ms");
  }

  private void percentiles(String name, Samples times) {
    line(name + ".p50", times.percentile(50) / NANOS_PER_MILLI, "ms");
    line(name + ".max", times.percentile(100) / NANOS_PER_MILLI, "ms");
  }

  private static double usedMebibytes() {
    System.gc();
    var memory = Runtime.getRuntime();
    return (memory.totalMemory() - memory.freeMemory()) / 1024.0 / 1024.0;
  }

  private void line(String name, double value, String unit) {
    output.figure(new Figure("reach." + shape.text() + "." + name, value, unit));
  }
}
