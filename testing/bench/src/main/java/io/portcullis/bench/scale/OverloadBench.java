package io.portcullis.bench.scale;

import io.portcullis.bench.figures.BenchOutput;
import io.portcullis.bench.figures.Figure;
import io.portcullis.bench.figures.Samples;
import io.portcullis.topic.KafkaSettings;
import io.portcullis.topic.TopicAdmin;
import io.portcullis.topic.TopicReader;
import io.portcullis.topic.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Measures one compiler on a broker that runs a tenth of the time: with less load than the broker
 * takes, with three times as much as it takes, and how soon all is normal after that.
 */
public final class OverloadBench {
  private static final long SEED = 1;
  private static final String HEAP = "512m";
  private static final double NANOS_PER_MILLI = 1e6;

  /** The offered load, as shares of what the slowed broker takes. */
  private static final double LOW = 0.3;

  private static final double HIGH = 3;

  /** The rates that are tried, in events a second. */
  private static final int SLOWEST = 5;

  private static final int FASTEST = 81_920;

  /** A rate is taken if its last event arrives in time. */
  private static final Duration LATE = Duration.ofSeconds(1);

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
  private static final Duration BETWEEN_PROBES = Duration.ofMillis(200);

  private final OverloadParameters parameters;
  private final BenchOutput output;
  private final ScaleCluster cluster;
  private final List<String> names;

  public OverloadBench(OverloadParameters parameters, BenchOutput output) {
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
    try (var processes = new ScaleProcesses(HEAP, HEAP, Map.of())) {
      output.progress("the processes' logs are in " + processes.home());
      processes.startBroker();
      var settings = new KafkaSettings(Map.of("bootstrap.servers", processes.bootstrap()));
      try (var admin = new TopicAdmin(settings)) {
        ScaleBench.await("the broker", () -> admin.ids(List.of(Topics.cluster().name())) != null);
        try (var source = new ClusterTopicWriter(settings, admin, cluster.objects())) {
          processes.startCompiler(0);
          var topics = names.stream().map(name -> Topics.node(name).name()).toList();
          ScaleBench.await("the nodes' topics", () -> admin.ids(topics).size() == topics.size());
          return measure(processes, source, new TopicReader(settings, admin));
        }
      }
    }
  }

  private boolean measure(ScaleProcesses processes, ClusterTopicWriter source, TopicReader reader)
      throws InterruptedException, ExecutionException {
    try (var readers = new VersionArrivals(processes.bootstrap(), names, Set.of())) {
      var events = new PodEvents(cluster, source, readers);
      ScaleBench.await("a version of each node", () -> readers.versioned() == parameters.nodes());
      events.lastSeenNanos(events.send(parameters.storm(), Duration.ZERO)); // to warm up
      loads(processes, events);
      output.progress("compiling the whole cluster once more, to compare");
      var lost = new LostVersions(cluster.objects(), names, reader).count();
      count("lost", lost, "nodes");
      count("out_of_order", readers.disorder(), "versions");
      return lost == 0 && readers.disorder() == 0;
    }
  }

  private void loads(ScaleProcesses processes, PodEvents events)
      throws InterruptedException, ExecutionException {
    var capacity = capacity(processes, events);
    figure("capacity", capacity, "events/s");
    var load = between(capacity * LOW);
    output.progress("the same load with a broker that is not slowed");
    var plain = latencies(events, events.send(count(parameters.normal(), load), load));
    tell("plain", plain);
    var takeOvers = takeOvers(processes);
    Samples slowed;
    try (var _ = processes.slowBroker()) {
      output.progress("that load with the slowed broker");
      slowed = latencies(events, events.send(count(parameters.normal(), load), load));
      tell("slowed", slowed);
      ratio(50, slowed, plain);
      ratio(99, slowed, plain);
      figure("slowed.take_overs", takeOvers(processes) - takeOvers, "shards");
      overload(processes, events, between(capacity * HIGH));
      recovery(events, slowed.percentile(99));
    }
    figure("take_overs", takeOvers(processes) - takeOvers, "shards");
  }

  /** Returns how many events a second the slowed broker takes: of more the last ones come late. */
  private double capacity(ScaleProcesses processes, PodEvents events)
      throws InterruptedException, ExecutionException {
    output.progress("what the slowed broker takes");
    var taken = 0;
    try (var _ = processes.slowBroker()) {
      for (var rate = SLOWEST; rate <= FASTEST; rate *= 2) {
        var between = between(rate);
        var sent = events.send(count(parameters.atARate(), between), between);
        var ended = System.nanoTime();
        if (events.lastSeenNanos(sent) - ended > LATE.toNanos()) {
          break;
        }
        taken = rate;
      }
    }
    return Math.max(SLOWEST, taken);
  }

  private void overload(ScaleProcesses processes, PodEvents events, Duration between)
      throws InterruptedException, ExecutionException {
    output.progress("three times what the slowed broker takes");
    var sent = new ArrayList<PodEvents.Event>();
    var behind = 0.0;
    var overloaded = 0;
    var until = System.nanoTime() + parameters.overload().toNanos();
    while (System.nanoTime() < until) {
      sent.addAll(events.send(count(BETWEEN_LOOKS, between), between));
      behind = Math.max(behind, processes.metric(0, "portcullis_compiler_behind"));
      overloaded += processes.metric(0, "portcullis_compiler_overloaded") > 0 ? 1 : 0;
    }
    var ended = System.nanoTime();
    figure("high.behind.max", behind, "nodes");
    figure("high.overloaded", overloaded, "looks");
    var drained = events.lastSeenNanos(sent.subList(sent.size() / 2, sent.size()));
    figure("high.drained", Math.max(0, drained - ended) / 1e9, "s");
    tell("high", latencies(events, sent));
  }

  /** Measures how long after the overload an event is as quick as before it. */
  private void recovery(PodEvents events, long normalNanos)
      throws InterruptedException, ExecutionException {
    var begun = System.nanoTime();
    while (true) {
      var event = events.send();
      var seen = events.seenNanos(event);
      if (seen - event.sentNanos() <= normalNanos) {
        figure("high.normal_after", (seen - begun) / 1e9, "s");
        return;
      }
      LockSupport.parkNanos(BETWEEN_PROBES.toNanos());
    }
  }

  private static Duration between(double eventsPerSecond) {
    return Duration.ofNanos((long) (1e9 / eventsPerSecond));
  }

  private static int count(Duration time, Duration between) {
    return Math.toIntExact(Math.max(1, time.dividedBy(between)));
  }

  private static Samples latencies(PodEvents events, List<PodEvents.Event> sent)
      throws InterruptedException, ExecutionException {
    var samples = new Samples();
    events.latencies(sent).forEach(latency -> samples.add(latency.toNanos()));
    return samples;
  }

  private static double takeOvers(ScaleProcesses processes) throws InterruptedException {
    return processes.metric(0, "portcullis_compiler_take_overs_total");
  }

  private void tell(String name, Samples samples) {
    for (var percent : List.of(50, 99)) {
      figure(name + ".p" + percent, samples.percentile(percent) / NANOS_PER_MILLI, "ms");
    }
  }

  private void ratio(int percent, Samples slowed, Samples plain) {
    figure(
        "slowed.to.plain.p" + percent,
        slowed.percentile(percent) / (double) plain.percentile(percent),
        "ratio");
  }

  private void count(String name, long value, String unit) {
    output.figure(Figure.count("overload." + name, value, unit));
  }

  private void figure(String name, double value, String unit) {
    output.figure(new Figure("overload." + name, value, unit));
  }
}
