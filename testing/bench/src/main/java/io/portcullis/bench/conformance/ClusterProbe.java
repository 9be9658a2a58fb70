package io.portcullis.bench.conformance;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.lab.LabState;
import io.portcullis.lab.network.LabNetwork;
import io.portcullis.lab.network.Names;
import io.portcullis.lab.network.Topology;
import io.portcullis.lab.probe.Echo;
import io.portcullis.lab.probe.Outcome;
import io.portcullis.lab.probe.Probe;
import io.portcullis.lab.probe.ProbeTiming;
import io.portcullis.lab.probe.Prober;
import io.portcullis.lab.probe.Site;
import io.portcullis.net.Flow;
import io.portcullis.oracle.Oracle;
import io.portcullis.oracle.RandomClusters;
import io.portcullis.policy.rules.RuleSetCompiler;
import io.portcullis.policy.state.Cluster;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Builds one cluster after the other in a network, and tries who reaches whom there. */
final class ClusterProbe {
  /** A port that no policy and no pod names. */
  private static final int UNNAMED_PORT = 7777;

  private static final Topology NOTHING = Topology.of(List.of(), List.of(), List.of());

  private final LabNetwork network;
  private final Names names;

  ClusterProbe(LabNetwork network, Names names) {
    this.network = network;
    this.names = names;
  }

  /**
   * The outcome for one cluster.
   *
   * @param probes how many probes there were
   * @param denied how many of them the policies deny
   * @param deniedToOwnNode how many of these went from a pod to its own node
   * @param mismatches the mismatches, a line each
   */
  record Compared(int probes, long denied, long deniedToOwnNode, List<String> mismatches) {}

  /**
   * Probes one cluster.
   *
   * @param enforced the objects that the nodes' rules are compiled from
   * @param meant the objects that the probes are compared with
   */
  Compared compare(Collection<ClusterObject> enforced, Collection<ClusterObject> meant)
      throws InterruptedException {
    var topology = LabState.topology(meant);
    network.become(NOTHING); // otherwise packets would meet connections of the previous cluster
    var failed = network.become(topology);
    if (!failed.isEmpty()) {
      throw new IllegalStateException("pods could not be created: " + failed);
    }
    var oracle = new Oracle(meant, Set.of());
    var mismatches = new ArrayList<>(load(topology, new Cluster(enforced)));
    var tried =
        Prober.run(
            Probe.all(sites(topology), ports()),
            oracle::allowed,
            Prober.Servers.LAB,
            ProbeTiming.DEFAULT);
    var seen = tried.seen();
    var echoes = Echo.all(seen.keySet());
    mismatches.addAll(differing(echoes, oracle::allowed));
    mismatches.addAll(differing(tried, oracle::allowed));
    var hairpins = hairpins(topology, oracle, mismatches);
    var denied = seen.keySet().stream().filter(probe -> !oracle.allowed(probe.flow())).toList();
    return new Compared(
        seen.size() + echoes.size() + hairpins,
        denied.size(),
        denied.stream().filter(probe -> toOwnNode(topology, probe)).count(),
        List.copyOf(mismatches));
  }

  /** Tries each pod to itself through a service (A12); returns how many probes there were. */
  private int hairpins(Topology topology, Oracle oracle, List<String> mismatches)
      throws InterruptedException {
    var hairpins = new Hairpins(topology, names);
    Predicate<Flow> allowed = flow -> hairpins.allowed(oracle, flow);
    var probes = hairpins.probes(sites(topology), ports());
    var echoes = Echo.all(probes);
    mismatches.addAll(
        differing(Prober.run(probes, allowed, Prober.Servers.NONE, ProbeTiming.DEFAULT), allowed));
    mismatches.addAll(differing(echoes, allowed));
    return probes.size() + echoes.size();
  }

  private List<String> load(Topology topology, Cluster cluster) throws InterruptedException {
    var rules = new RuleSetCompiler(cluster, Set.of());
    var problems = new ArrayList<String>();
    for (var node : topology.nodes().keySet()) {
      NodeTable.load(names.node(node), rules.compile(node))
          .map(problem -> "node " + node + ": " + problem)
          .ifPresent(problems::add);
    }
    return problems;
  }

  private static List<String> differing(Prober.Result tried, Predicate<Flow> allowed) {
    return tried.differing().stream()
        .map(probe -> mismatch(probe, allowed.test(probe.flow()), tried.seen().get(probe)))
        .toList();
  }

  private static List<String> differing(List<Echo> echoes, Predicate<Flow> allowed)
      throws InterruptedException {
    var doubtful = Echo.differing(echoes, allowed);
    return Echo.differing(doubtful, allowed).stream()
        .map(echo -> mismatch(echo, allowed.test(echo.flow())))
        .toList();
  }

  private static String mismatch(Echo echo, boolean allowed) {
    return mismatch(echo, allowed, allowed ? new Outcome.Silent() : new Outcome.Answered());
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

  /** Returns the sites. A node is one too: for pods of other nodes it is an ordinary host (T5). */
  private List<Site> sites(Topology topology) {
    var sites = new ArrayList<Site>();
    topology
        .pods()
        .forEach((name, pod) -> sites.add(Site.pod(name, names.pod(name), pod.addresses())));
    topology
        .nodes()
        .forEach(
            (name, node) ->
                sites.add(Site.outside("node " + name, names.node(name), node.addresses())));
    topology
        .outside()
        .forEach(
            (name, host) -> sites.add(Site.outside(name, names.outside(name), host.addresses())));
    return sites;
  }
}
