package io.portcullis.policy.lint;

import io.portcullis.cluster.ClusterObject.Namespace;
import io.portcullis.cluster.ClusterObject.Node;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.Peer;
import io.portcullis.policy.state.Cluster;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The pods, namespaces and nodes that policies can select. A kind without any object is not known:
 * policies of a chart stand alone, and what they select is not known to be missing.
 */
final class Surroundings {
  private final Cluster cluster;
  private final Collection<Pod> pods;
  private final SortedMap<String, List<Pod>> selectable = new TreeMap<>();
  private final Map<String, Namespace> namespaces = new HashMap<>();
  private final Set<String> withObject;

  Surroundings(Cluster cluster) {
    this.cluster = cluster;
    this.pods = cluster.pods().values().stream().filter(pod -> !pod.finished()).toList(); // T7
    var all = cluster.all();
    this.withObject = all.namespaces();
    all.namespaces().forEach(name -> namespaces.put(name, cluster.namespace(name)));
    for (var pod : pods) {
      var name = pod.key().namespace();
      namespaces.computeIfAbsent(name, cluster::namespace); // T12
      if (!pod.hostNetwork()) { // T6
        selectable.computeIfAbsent(name, _ -> new ArrayList<>()).add(pod);
      }
    }
  }

  Cluster cluster() {
    return cluster;
  }

  boolean knowPods() {
    return !pods.isEmpty();
  }

  boolean knowNamespaces() {
    return !withObject.isEmpty();
  }

  /** Returns the namespace, if its object is there. */
  Optional<Namespace> namespace(String name) {
    return withObject.contains(name) ? Optional.of(cluster.namespace(name)) : Optional.empty();
  }

  Collection<Node> nodes() {
    return cluster.nodeObjects();
  }

  /** Returns the pods that selectors can select, by namespace. */
  SortedMap<String, List<Pod>> byNamespace() {
    return selectable;
  }

  List<Pod> selected(String namespace, LabelSelector selector) {
    return selectable.getOrDefault(namespace, List.of()).stream()
        .filter(pod -> selector.matches(pod.labels()))
        .toList();
  }

  /** Returns the pods on a node's network that a selector would select if it could (T6). */
  List<Pod> onHostNetwork(String namespace, LabelSelector selector) {
    return pods.stream()
        .filter(Pod::hostNetwork)
        .filter(pod -> pod.key().namespace().equals(namespace))
        .filter(pod -> selector.matches(pod.labels()))
        .toList();
  }

  Stream<Namespace> namespaces(LabelSelector selector) {
    return namespaces.values().stream().filter(ns -> selector.matches(ns.labels()));
  }

  /**
   * Returns the pods of a peer (N6, A7).
   *
   * @param home the policy's namespace; empty for policies of the whole cluster
   */
  Stream<Pod> selected(Peer.Pods peer, String home) {
    var wanted = peer.pods().orElse(LabelSelector.EVERYTHING);
    return peer.namespaces()
        .map(selector -> namespaces(selector).map(ns -> ns.key().name()))
        .orElseGet(() -> Stream.of(home))
        .flatMap(name -> selected(name, wanted).stream());
  }
}
