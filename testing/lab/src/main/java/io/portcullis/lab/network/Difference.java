package io.portcullis.lab.network;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** What to remove and what to add so that one topology becomes another. What changed is in both. */
record Difference(Topology removed, Topology added) {

  static Difference between(Topology present, Topology wanted) {
    var goneNodes = missing(present.nodes(), wanted.nodes());
    var newNodes = missing(wanted.nodes(), present.nodes());
    return new Difference(
        Topology.of(
            goneNodes,
            pods(present, missing(present.pods(), wanted.pods()), goneNodes),
            missing(present.outside(), wanted.outside())),
        Topology.of(
            newNodes,
            pods(wanted, missing(wanted.pods(), present.pods()), newNodes),
            missing(wanted.outside(), present.outside())));
  }

  /** Returns the pods that differ, and all pods on nodes that differ. */
  private static Collection<Topology.Pod> pods(
      Topology of, List<Topology.Pod> differing, List<Topology.Node> nodes) {
    var names = nodes.stream().map(Topology.Node::name).collect(Collectors.toSet());
    var pods = new HashSet<>(differing);
    of.pods().values().stream().filter(pod -> names.contains(pod.node())).forEach(pods::add);
    return pods;
  }

  private static <T> List<T> missing(SortedMap<String, T> of, SortedMap<String, T> in) {
    return of.entrySet().stream()
        .filter(entry -> !entry.getValue().equals(in.get(entry.getKey())))
        .map(java.util.Map.Entry::getValue)
        .toList();
  }
}
