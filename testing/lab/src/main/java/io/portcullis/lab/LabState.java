package io.portcullis.lab;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.lab.network.Names;
import io.portcullis.lab.network.Topology;
import io.portcullis.lab.probe.Site;
import io.portcullis.net.IpAddress;
import io.portcullis.policy.rules.RuleSetCompiler;
import io.portcullis.policy.state.Cluster;
import io.portcullis.sighting.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The cluster as the manifests describe it at one moment, and what follows from it.
 *
 * @param change the number of this state, increasing with each change
 * @param objects the objects in force
 * @param topology the topology of the network
 * @param problems the problems of the manifests
 * @param failures the failures of the lab itself
 */
public record LabState(
    long change,
    List<ClusterObject> objects,
    Topology topology,
    List<Problem> problems,
    List<String> failures) {

  public LabState {
    objects = List.copyOf(objects);
    problems = List.copyOf(problems);
    failures = List.copyOf(failures);
  }

  /**
   * Returns the namespaces that these objects need: one for each node, and one for each pod with an
   * address on an existing node.
   */
  public static Topology topology(Collection<ClusterObject> objects) {
    var nodes = new TreeMap<String, Topology.Node>();
    for (var object : objects) {
      if (object instanceof ClusterObject.Node node) {
        nodes.put(node.key().name(), new Topology.Node(node.key().name(), node.addresses()));
      }
    }
    var addresses = new TreeMap<String, List<IpAddress>>();
    var places = new TreeMap<String, String>();
    new Cluster(objects)
        .owners() // T7, T11
        .forEach(
            (address, pod) -> {
              if (nodes.containsKey(pod.node())) {
                addresses.computeIfAbsent(name(pod), _ -> new ArrayList<>()).add(address);
                places.put(name(pod), pod.node());
              }
            });
    var pods =
        places.entrySet().stream()
            .map(
                place ->
                    new Topology.Pod(
                        place.getKey(), place.getValue(), addresses.get(place.getKey())))
            .toList();
    return Topology.of(nodes.values(), pods, Topology.OUTSIDE);
  }

  private static String name(Pod pod) {
    return pod.key().namespace() + "/" + pod.key().name();
  }

  /** Returns the digest of the rules that each node's kernel should hold, by node. */
  public SortedMap<String, String> digests() {
    var digests = new TreeMap<String, String>();
    new RuleSetCompiler(new Cluster(objects), Set.of())
        .compileAll()
        .forEach((node, rules) -> digests.put(node, rules.digest().hex()));
    return digests;
  }

  /** Returns the pods on their node's own network (T6), with the addresses of the node. */
  public SortedMap<String, Topology.Pod> hostNetworkPods() {
    var pods = new TreeMap<String, Topology.Pod>();
    for (var object : objects) {
      if (object instanceof Pod pod && pod.hostNetwork() && !pod.finished()) {
        Optional.ofNullable(topology.nodes().get(pod.node()))
            .map(node -> pod.addresses().stream().filter(node.addresses()::contains).toList())
            .filter(addresses -> !addresses.isEmpty())
            .ifPresent(
                addresses ->
                    pods.put(name(pod), new Topology.Pod(name(pod), pod.node(), addresses)));
      }
    }
    return pods;
  }

  /** Returns how many ends probes have. */
  int siteCount() {
    return topology.pods().size() + hostNetworkPods().size() + topology.outside().size();
  }

  /** Returns the ends of probes: pods and outside hosts. */
  public List<Site> sites(Names names) {
    var sites = new ArrayList<Site>();
    topology
        .pods()
        .forEach((name, pod) -> sites.add(Site.pod(name, names.pod(name), pod.addresses())));
    hostNetworkPods()
        .forEach((name, pod) -> sites.add(Site.pod(name, names.node(pod.node()), pod.addresses())));
    topology
        .outside()
        .forEach(
            (name, host) -> sites.add(Site.outside(name, names.outside(name), host.addresses())));
    return sites;
  }
}
