package io.portcullis.bench.scale;

import io.portcullis.bench.figures.BenchOutput;
import io.portcullis.bench.figures.Figure;
import io.portcullis.bench.figures.Figures;
import io.portcullis.history.Progress;
import io.portcullis.history.ShardProgress;
import io.portcullis.topic.KafkaSettings;
import io.portcullis.topic.TopicAdmin;
import io.portcullis.topic.TopicReader;
import io.portcullis.topic.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Measures publishing through a broker, from a pod's event to the readers of its node's topic: with
 * one compiler and two, in a storm, when owners are killed, when compilers restore, and when all
 * agents start at once.
 */
public final class ScaleBench {
  private static final long SEED = 1;
  private static final Duration LONGEST = Duration.ofMinutes(10);

  /** The pause between events around what is measured, which is latency and not throughput. */
  private static final Duration PACE = Duration.ofMillis(50);

  /** A little longer than a killed owner keeps its shards. */
  private static final Duration AROUND_A_KILL = Duration.ofSeconds(9);

  private final ScaleParameters parameters;
  private final BenchOutput output;
  private final ScaleCluster cluster;
  private final List<String> names;

  public ScaleBench(ScaleParameters parameters, BenchOutput output) {
    this.parameters = parameters;
    this.output = output;
    this.cluster = new ScaleCluster(parameters.nodes(), parameters.pods(), SEED);
    this.names = IntStream.range(0, parameters.nodes()).mapToObj(ScaleCluster::name).toList();
  }

  /**
   * Runs all measurements.
   *
   * @return whether nothing was lost and nothing came out of order
   */
  public boolean run() throws IOException, InterruptedException, ExecutionException {
    try (var processes =
        new ScaleProcesses(parameters.brokerHeap(), parameters.compilerHeap(), Map.of())) {
      output.progress("the processes' logs are in " + processes.home());
      processes.startBroker();
      var settings = new KafkaSettings(Map.of("bootstrap.servers", processes.bootstrap()));
      try (var admin = new TopicAdmin(settings)) {
        await("the broker", () -> admin.ids(List.of(Topics.cluster().name())) != null);
        try (var source = new ClusterTopicWriter(settings, admin, cluster.objects())) {
          var begun = startFirst(processes, admin);
          return measure(processes, new TopicReader(settings, admin), source, begun);
        }
      }
    }
  }

  /** Starts the first compiler; returns when it did, in microseconds since 1970. */
  private long startFirst(ScaleProcesses processes, TopicAdmin admin)
      throws IOException, InterruptedException {
    output.progress("the first compiler starts");
    var begun = System.currentTimeMillis() * 1_000;
    processes.startCompiler(0, "taskset", "-c", "0");
    var topics = names.stream().map(name -> Topics.node(name).name()).toList();
    await("the nodes' topics", () -> admin.ids(topics).size() == topics.size());
    seconds("cold.topics_made", since(begun));
    return begun;
  }

  private static Duration since(long micros) {
    return Duration.ofMillis(System.currentTimeMillis() - micros / 1_000);
  }

  private boolean measure(
      ScaleProcesses processes, TopicReader reader, ClusterTopicWriter source, long begun)
      throws IOException, InterruptedException, ExecutionException {
    try (var readers = new VersionArrivals(processes.bootstrap(), names, followed())) {
      var events = new PodEvents(cluster, source, readers);
      await("a version of each node", () -> readers.versioned() == parameters.nodes());
      var last = names.stream().mapToLong(n -> readers.last(n).compiledMicros()).max();
      seconds("cold.all_versioned", Duration.ofMillis((last.orElseThrow() - begun) / 1_000));
      one(events);
      wide(events);
      two(processes, events);
      failovers(processes, events);
      restore(processes, reader, events);
      agents(processes, events);
      brokerRestart(processes, events);
      output.progress("compiling the whole cluster once more, to compare");
      var lost = new LostVersions(cluster.objects(), names, reader).count();
      figure("lost", lost, "nodes");
      figure("out_of_order", readers.disorder(), "versions");
      return lost == 0 && readers.disorder() == 0;
    }
  }

  /** Returns the nodes to follow, spread over the cluster. */
  private Set<String> followed() {
    var step = Math.ceilDiv(names.size(), parameters.followed());
    return IntStream.range(0, names.size())
        .filter(i -> i % step == 0)
        .mapToObj(names::get)
        .collect(Collectors.toSet());
  }

  /**
   * Measures one compiler. The storm comes first, so that the JVMs' compilation does not disturb
   * the single events after it.
   */
  private void one(PodEvents events) throws InterruptedException, ExecutionException {
    storm("one", events);
    output.progress("1,000 events a second");
    latency("steady_1000", events.send(parameters.storm() / 2, Duration.ofNanos(950_000)), events);
    output.progress("events one after another");
    var sent = events.send(parameters.events(), parameters.betweenEvents());
    latency("idle", sent, events);
    latencies("idle.last_node", events.lastLatencies(sent));
  }

  private void storm(String name, PodEvents events)
      throws InterruptedException, ExecutionException {
    output.progress("a storm of events, compilers: " + name);
    var begun = System.nanoTime();
    var sent = events.send(parameters.storm(), Duration.ZERO);
    sent.getLast().offset();
    var ingested = System.nanoTime();
    var seen = events.lastSeenNanos(sent);
    figure("storm." + name + ".rate", parameters.storm() * 1e9 / (seen - begun), "events/s");
    seconds("storm." + name + ".all_seen", Duration.ofNanos(seen - begun));
    seconds("storm." + name + ".after_ingestion", Duration.ofNanos(Math.max(0, seen - ingested)));
  }

  /** Measures a policy for which every node needs the addresses of all pods. */
  private void wide(PodEvents events) throws InterruptedException, ExecutionException {
    if (parameters.nodes() < ScaleCluster.FEWEST_NODES_WITH_WIDE_SETS) {
      return;
    }
    output.progress("a policy with all pods as its peers");
    var policy = ScaleCluster.wide();
    var begun = System.nanoTime();
    events.policy(policy.key(), Optional.of(policy));
    seconds("wide.all_versioned", Duration.ofNanos(System.nanoTime() - begun));
    var sent = events.send(parameters.events(), parameters.betweenEvents());
    latency("wide.node", sent, events);
    latencies("wide.set", events.wideLatencies(sent));
    events.policy(policy.key(), Optional.empty());
  }

  private void two(ScaleProcesses processes, PodEvents events)
      throws IOException, InterruptedException, ExecutionException {
    output.progress("a second compiler joins");
    longest(
        "replica_added",
        events,
        () -> {
          processes.startCompiler(1, "taskset", "-c", "1");
          awaitShared(processes);
        });
    storm("two", events);
  }

  private void failovers(ScaleProcesses processes, PodEvents events)
      throws IOException, InterruptedException, ExecutionException {
    var taken = new Figures("scale");
    for (var kill = 0; kill < parameters.kills(); kill++) {
      var victim = kill % 2;
      output.progress("kill " + (kill + 1) + " of " + parameters.kills());
      var killed = System.nanoTime();
      processes.killCompiler(victim);
      var sent = events.send((int) AROUND_A_KILL.dividedBy(PACE), PACE);
      var seen = events.latencies(sent);
      var gap = 0L;
      for (var i = 0; i < sent.size(); i++) {
        if (seen.get(i).compareTo(Duration.ofSeconds(1))
            > 0) { // the event waited for another compiler to take over
          var at = sent.get(i).sentNanos() + seen.get(i).toNanos();
          gap = Math.max(gap, at - killed);
        }
      }
      taken.add("failover", gap / 1_000);
      processes.startCompiler(victim, "taskset", "-c", Integer.toString(victim));
      awaitShared(processes);
    }
    taken.percentiles().forEach(output::figure);
  }

  private void restore(ScaleProcesses processes, TopicReader reader, PodEvents events)
      throws IOException, InterruptedException, ExecutionException {
    output.progress("a compiler stops");
    longest("replica_removed", events, () -> processes.endCompiler(1));
    output.progress("a compiler starts and restores");
    processes.killCompiler(0);
    Thread.sleep(AROUND_A_KILL);
    var begun = System.currentTimeMillis() * 1_000;
    processes.startCompiler(0);
    await("all shards", () -> oldestProgress(reader) > begun);
    seconds("restore.all_shards", since(begun));
  }

  private static long oldestProgress(TopicReader reader) {
    var partitions =
        IntStream.range(0, Topics.SHARDS)
            .mapToObj(shard -> new TopicPartition(Topics.progress().name(), shard))
            .toList();
    return reader.contents(partitions).values().stream()
        .map(content -> ShardProgress.of(content.values()))
        .filter(shard -> !shard.nodes().isEmpty())
        .mapToLong(shard -> shard.shard().map(Progress::writtenMicros).orElse(0L))
        .min()
        .orElse(0);
  }

  private void agents(ScaleProcesses processes, PodEvents events)
      throws IOException, InterruptedException, ExecutionException {
    output.progress(parameters.agents() + " agents start at once");
    var begun = System.nanoTime();
    try (var agents = new Agents(processes, parameters.agents())) {
      var sent = new ArrayList<PodEvents.Event>();
      while (!agents.restored()) {
        sent.addAll(events.send(1, PACE));
      }
      seconds("agents.all_restored", Duration.ofNanos(System.nanoTime() - begun));
      latency("agents.meanwhile", sent, events);
    }
  }

  private void brokerRestart(ScaleProcesses processes, PodEvents events)
      throws IOException, InterruptedException, ExecutionException {
    output.progress("the broker is killed and comes back");
    processes.killBroker();
    var begun = System.nanoTime();
    processes.startBroker();
    var event = events.send();
    while (!isTaken(event)) {
      event = events.again(event); // otherwise the cluster would lack it
    }
    events.seenNanos(event);
    seconds("broker_restart.versions_again", Duration.ofNanos(System.nanoTime() - begun));
  }

  private static boolean isTaken(PodEvents.Event event) throws InterruptedException {
    try {
      event.offset();
      return true;
    } catch (ExecutionException _) {
      return false; // the caller's time-out reports it, so this does not spin
    }
  }

  /** Something that happens while events go on. */
  private interface Happening {
    void happen() throws IOException, InterruptedException;
  }

  private void longest(String name, PodEvents events, Happening happening)
      throws IOException, InterruptedException, ExecutionException {
    var sent = new ConcurrentLinkedQueue<PodEvents.Event>();
    var going = new AtomicBoolean(true);
    var sender =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (going.get()) {
                    sent.addAll(events.send(1, PACE));
                  }
                });
    happening.happen();
    Thread.sleep(2_000);
    going.set(false);
    sender.join();
    var worst = events.latencies(List.copyOf(sent)).stream().max(Duration::compareTo).orElseThrow();
    seconds(name + ".longest_wait", worst);
  }

  private void awaitShared(ScaleProcesses processes) throws InterruptedException {
    await(
        "both compilers to own shards",
        () -> processes.owned(0) > 0 && processes.owned(1) > 0 && both(processes) == Topics.SHARDS);
    Thread.sleep(1_000);
  }

  private static int both(ScaleProcesses processes) throws InterruptedException {
    return processes.owned(0) + processes.owned(1);
  }

  private void latency(String name, List<PodEvents.Event> sent, PodEvents events)
      throws InterruptedException, ExecutionException {
    latencies(name, events.latencies(sent));
  }

  private void latencies(String name, List<Duration> seen) {
    var latencies = new Figures("scale");
    seen.forEach(l -> latencies.add("latency." + name, l.toNanos() / 1_000));
    latencies.percentiles().forEach(output::figure);
  }

  private void seconds(String name, Duration time) {
    figure(name, time.toMillis() / 1_000.0, "s");
  }

  private void figure(String name, double value, String unit) {
    output.figure(new Figure("scale." + name, value, unit));
  }

  static void await(String what, Callable<Boolean> isThere) throws InterruptedException {
    var until = System.nanoTime() + LONGEST.toNanos();
    while (System.nanoTime() < until) {
      try {
        if (isThere.call()) {
          return;
        }
      } catch (KafkaException _) {
        Thread.yield(); // the condition is checked again
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException("waiting for " + what, e);
      }
      Thread.sleep(50);
    }
    throw new IllegalStateException("timed out waiting for " + what);
  }
}
