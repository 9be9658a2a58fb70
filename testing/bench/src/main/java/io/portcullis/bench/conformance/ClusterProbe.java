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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

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
   * @param seen which flows passed; from a pod's address to itself means through a service
   * @param denied how many of the probes the policies deny
   * @param deniedToOwnNode how many of these went from a pod to its own node
   * @param mismatches the mismatches, a line each
   */
  record Compared(
      Map<Flow, Boolean> seen, long denied, long deniedToOwnNode, List<String> mismatches) {
    int probes() {
      return seen.size();
    }
  }

  /**
   * Probes one cluster.
   *
   * @param enforced the objects that the nodes' rules are compiled from
   * @param meant the objects that the probes are compared with
   */
  Compared compare(Collection<ClusterObject> enforced, Collection<ClusterObject> meant)
      throws InterruptedException {
    return compare(enforced, meant, Expected.of(new Oracle(meant, Set.of())));
  }

  /**
   * Probes one cluster.
   *
   * @param enforced the objects that the nodes' rules are compiled from
   * @param present the pods and nodes that there are
   * @param expected what the probes are compared with
   */
  Compared compare(
      Collection<ClusterObject> enforced, Collection<ClusterObject> present, Expected expected)
      throws InterruptedException {
    var topology = LabState.topology(present);
    network.become(NOTHING); // otherwise packets would meet connections of the previous cluster
    var failed = network.become(topology);
    if (!failed.isEmpty()) {
      throw new IllegalStateException("pods could not be created: " + failed);
    }
    var mismatches = new ArrayList<>(load(topology, new Cluster(enforced)));
    var tried =
        Prober.run(
            Probe.all(sites(topology), ports()),
            expected::allowed,
            Prober.Servers.LAB,
            ProbeTiming.DEFAULT);
    var seen = new HashMap<Flow, Boolean>();
    addSeen(tried, Echo.all(tried.seen().keySet()), expected::allowed, f -> f, seen, mismatches);
    var hairpins = new Hairpins(topology, names);
    var probes = hairpins.probes(sites(topology), ports());
    Predicate<Flow> looped = flow -> expected.allowedThroughService(hairpins.looped(flow));
    addSeen(
        Prober.run(probes, looped, Prober.Servers.NONE, ProbeTiming.DEFAULT),
        Echo.all(probes),
        looped,
        hairpins::looped,
        seen,
        mismatches);
    var denied =
        tried.seen().keySet().stream().filter(probe -> !expected.allowed(probe.flow())).toList();
    return new Compared(
        seen,
        denied.size(),
        denied.stream().filter(probe -> toOwnNode(topology, probe)).count(),
        List.copyOf(mismatches));
  }

  /** Adds what was seen of these probes, and of these echoes, which are tried now. */
  private static void addSeen(
      Prober.Result tried,
      List<Echo> echoes,
      Predicate<Flow> allowed,
      UnaryOperator<Flow> flowOf,
      Map<Flow, Boolean> seen,
      List<String> mismatches)
      throws InterruptedException {
    tried
        .seen()
        .forEach((probe, outcome) -> seen.put(flowOf.apply(probe.flow()), outcome.reached()));
    mismatches.addAll(differing(tried, allowed));
    var doubtful = Echo.differing(echoes, allowed);
    var differing = Echo.differing(doubtful, allowed);
    for (var echo : echoes) {
      seen.put(flowOf.apply(echo.flow()), allowed.test(echo.flow()) != differing.contains(echo));
    }
    differing.forEach(echo -> mismatches.add(mismatch(echo, allowed.test(echo.flow()))));
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
