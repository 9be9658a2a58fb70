package io.portcullis.lab;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.compiler.rules.RuleSetCompiler;
import io.portcullis.compiler.state.Cluster;
import io.portcullis.conformance.Oracle;
import io.portcullis.conformance.RandomClusters;
import io.portcullis.lab.network.LabNetwork;
import io.portcullis.lab.network.Names;
import io.portcullis.lab.network.Topology;
import io.portcullis.lab.probe.Echo;
import io.portcullis.lab.probe.Outcome;
import io.portcullis.lab.probe.Probe;
import io.portcullis.lab.probe.Prober;
import io.portcullis.lab.probe.Site;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Random clusters against the kernel: the rules of each node are loaded in a namespace of its own,
 * every pair of pods, nodes and outside hosts is probed with real packets, and what was seen is
 * compared with what the policies mean. Needs root and nft, nothing else of a lab.
 */
public final class Conformance {
  /** No policy and no pod names it. */
  private static final int UNNAMED_PORT = 7777;

  private static final Topology NOTHING = Topology.of(List.of(), List.of(), List.of());

  private final long first;
  private final long last;
  private final Consumer<String> out;

  /**
   * @param first seed
   * @param last seed, included
   * @param out takes a line for each mismatch as it is found
   */
  public Conformance(long first, long last, Consumer<String> out) {
    if (first > last) {
      throw new IllegalArgumentException("no seeds: " + first + ".." + last);
    }
    this.first = first;
    this.last = last;
    this.out = out;
  }

  /**
   * What was found.
   *
   * @param denied how many of the probes the policies deny
   * @param deniedToOwnNode how many of these went from a pod to its own node
   */
  public record Result(
      long seeds, long probes, long denied, long deniedToOwnNode, long mismatches) {
    static final Result NONE = new Result(0, 0, 0, 0, 0);

    Result plus(Result other) {
      return new Result(
          seeds + other.seeds,
          probes + other.probes,
          denied + other.denied,
          deniedToOwnNode + other.deniedToOwnNode,
          mismatches + other.mismatches);
    }

    /** {@code SEEDS n PROBES m MISMATCHES k}. */
    public String text() {
      return "SEEDS " + seeds + " PROBES " + probes + " MISMATCHES " + mismatches;
    }
  }

  /** Tries all seeds; leaves nothing behind. */
  public Result run() throws InterruptedException {
    var result = Result.NONE;
    var names = Names.random();
    try (var network = new LabNetwork(names)) {
      network.open();
      for (var seed = first; seed <= last; seed++) {
        var objects = RandomClusters.of(seed);
        result = result.plus(compare(network, names, objects, objects, "seed " + seed));
        network.become(NOTHING); // or the next seed's packets would meet connections of this one
      }
    }
    return result;
  }

  /**
   * Probes one cluster.
   *
   * @param enforced what the nodes' rules are compiled from
   * @param meant what the probes are compared with
   */
  Result compare(
      LabNetwork network,
      Names names,
      Collection<ClusterObject> enforced,
      Collection<ClusterObject> meant,
      String label)
      throws InterruptedException {
    var topology = LabState.topology(meant);
    var failed = network.become(topology);
    if (!failed.isEmpty()) {
      throw new IllegalStateException(label + ": pods could not be made: " + failed);
    }
    var rules = new RuleSetCompiler(new Cluster(enforced), Set.of());
    var mismatches = new ArrayList<String>();
    for (var node : topology.nodes().keySet()) {
      NodeTable.load(names.node(node), rules.compile(node))
          .map(problem -> "node " + node + ": " + problem)
          .ifPresent(mismatches::add);
    }
    var oracle = new Oracle(meant, Set.of());
    var seen = probe(Probe.all(sites(topology, names), ports()), oracle);
    var echoes = Echo.all(seen.keySet());
    for (var echo : Echo.differing(Echo.differing(echoes, oracle::allowed), oracle::allowed)) {
      var outcome = oracle.allowed(echo.flow()) ? new Outcome.Silent() : new Outcome.Answered();
      mismatches.add(mismatch(echo, oracle.allowed(echo.flow()), outcome));
    }
    seen.forEach(
        (probe, outcome) -> {
          if (differs(probe, outcome, oracle)) {
            mismatches.add(mismatch(probe, oracle.allowed(probe.flow()), outcome));
          }
        });
    mismatches.forEach(mismatch -> out.accept(label + ": " + mismatch));
    var denied = seen.keySet().stream().filter(probe -> !oracle.allowed(probe.flow())).toList();
    return new Result(
        1,
        seen.size() + echoes.size(),
        denied.size(),
        denied.stream().filter(probe -> toOwnNode(topology, probe)).count(),
        mismatches.size());
  }

  /** What differs is probed once more: a loaded machine may answer late. */
  private static Map<Probe, Outcome> probe(List<Probe> probes, Oracle oracle)
      throws InterruptedException {
    var seen = Prober.run(probes, Prober.Servers.LAB, Prober.Patience.DEFAULT);
    var doubtful =
        probes.stream().filter(probe -> differs(probe, seen.get(probe), oracle)).toList();
    if (!doubtful.isEmpty()) {
      seen.putAll(Prober.run(doubtful, Prober.Servers.LAB, Prober.Patience.DEFAULT));
    }
    return seen;
  }

  private static boolean differs(Probe probe, Outcome outcome, Oracle oracle) {
    return switch (outcome) {
      case Outcome.Answered _, Outcome.Refused _ -> !oracle.allowed(probe.flow());
      case Outcome.Silent _ -> oracle.allowed(probe.flow());
      case Outcome.Failed _ -> true;
    };
  }

  private static String mismatch(Object tried, boolean allowed, Outcome seen) {
    return tried + ": expected " + (allowed ? "allowed" : "denied") + ", seen: " + seen.text();
  }

  private static boolean toOwnNode(Topology topology, Probe probe) {
    var pod = topology.pods().get(probe.from().name());
    return pod != null
        && topology.nodes().get(pod.node()).addresses().contains(probe.destination());
  }

  private static Collection<Integer> ports() {
    var ports = new TreeSet<>(RandomClusters.PORTS);
    ports.add(UNNAMED_PORT);
    return ports;
  }

  /** A node stands there as itself: to pods of other nodes it is an ordinary host (T5). */
  private static List<Site> sites(Topology topology, Names names) {
    var sites = new ArrayList<Site>();
    topology
        .pods()
        .forEach(
            (name, pod) ->
                sites.add(new Site(name, names.pod(name), pod.addresses(), Site.Kind.POD)));
    topology
        .nodes()
        .forEach(
            (name, node) ->
                sites.add(
                    new Site(
                        "node " + name, names.node(name), node.addresses(), Site.Kind.OUTSIDE)));
    topology
        .outside()
        .forEach(
            (name, host) ->
                sites.add(
                    new Site(name, names.outside(name), host.addresses(), Site.Kind.OUTSIDE)));
    return sites;
  }
}
