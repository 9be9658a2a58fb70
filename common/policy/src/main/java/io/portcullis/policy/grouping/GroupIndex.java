package io.portcullis.policy.grouping;

import io.portcullis.cluster.ClusterObject.Namespace;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.Labels;
import io.portcullis.policy.rules.DirtySet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Which classes of pods are in which groups. */
public final class GroupIndex {
  private final Function<String, Namespace> objects;
  private final Set<String> exemptNamespaces;
  private final Map<String, PodNamespace> namespaces = new HashMap<>();
  private final ByLabel<PodNamespace> namespacesByLabel = new ByLabel<>();
  private final ByLabel<PodClass> classesByLabel = new ByLabel<>();
  private final PodGroups groups =
      new PodGroups(namespacesByLabel::frequency, classesByLabel::frequency);
  private final Set<PodGroup> unused = new LinkedHashSet<>();

  /**
   * @param objects namespaces by name
   */
  public GroupIndex(Function<String, Namespace> objects, Set<String> exemptNamespaces) {
    this.objects = objects;
    this.exemptNamespaces = exemptNamespaces;
  }

  /** The class of a pod, a new one if need be. */
  public PodClass classOf(Pod pod, DirtySet turn) {
    var namespace = namespaces.get(pod.key().namespace());
    if (namespace == null) {
      namespace = add(pod.key().namespace());
    }
    var kind = new PodNamespace.Kind(Labels.of(pod.labels()), pod.ports());
    var known = namespace.classes.get(kind);
    return known == null ? add(namespace, kind, turn) : known;
  }

  private PodNamespace add(String name) {
    var namespace = new PodNamespace(objects.apply(name), exemptNamespaces.contains(name)); // T13
    namespaces.put(name, namespace);
    namespacesByLabel.add(namespace, namespace.labels);
    return namespace;
  }

  private PodClass add(PodNamespace namespace, PodNamespace.Kind kind, DirtySet turn) {
    var pods = new PodClass(namespace, kind.labels(), kind.ports());
    namespace.classes.put(kind, pods);
    classesByLabel.add(pods, pods.labels);
    pods.groups.addAll(groups.matching(namespace.labels, pods.labels));
    pods.groups.forEach(group -> group.classes.add(pods));
    turn.classes.add(pods);
    return pods;
  }

  /** Forgets a class that has no pods any more. */
  public void remove(PodClass pods) {
    var namespace = pods.namespace;
    namespace.classes.remove(new PodNamespace.Kind(pods.labels, pods.ports));
    classesByLabel.remove(pods, pods.labels);
    pods.groups.forEach(group -> group.classes.remove(pods));
    if (namespace.classes.isEmpty()) {
      namespaces.remove(namespace.name);
      namespacesByLabel.remove(namespace, namespace.labels);
    }
  }

  /** A namespace's object came, went or changed. */
  public void namespaceChanged(String name, DirtySet turn) {
    var namespace = namespaces.get(name);
    if (namespace == null) {
      return;
    }
    var labels = namespace.labels;
    var isolated = namespace.isolated;
    namespace.take(objects.apply(name));
    if (!labels.equals(namespace.labels)) {
      namespacesByLabel.remove(namespace, labels);
      namespacesByLabel.add(namespace, namespace.labels);
      namespace.classes.values().forEach(pods -> matchAgain(pods, turn));
    }
    if (isolated != namespace.isolated) { // L1
      turn.classes.addAll(namespace.classes.values());
    }
  }

  private void matchAgain(PodClass pods, DirtySet turn) {
    var now = groups.matching(pods.namespace.labels, pods.labels);
    for (var group : List.copyOf(pods.groups)) {
      if (!now.contains(group)) {
        pods.groups.remove(group);
        group.classes.remove(pods);
        turn.moved(pods, group);
      }
    }
    for (var group : now) {
      if (pods.groups.add(group)) {
        group.classes.add(pods);
        turn.moved(pods, group);
      }
    }
  }

  /** The group of these pods, for one user more. */
  public PodGroup acquire(PeerPods peers) {
    var group = groups.of(peers).orElseGet(() -> add(peers));
    group.users++;
    return group;
  }

  private PodGroup add(PeerPods peers) {
    var group = groups.add(peers);
    candidates(peers)
        .filter(group::matches)
        .forEach(
            pods -> {
              group.classes.add(pods);
              pods.groups.add(group);
            });
    return group;
  }

  private Stream<PodClass> candidates(PeerPods peers) {
    var pods = classesByLabel.candidates(peers.pods());
    var inNamespaces =
        namespacesByLabel
            .candidates(peers.namespaces())
            .map(found -> found.stream().flatMap(Collection::stream).toList())
            .orElseGet(() -> List.copyOf(namespaces.values()));
    var classes = inNamespaces.stream().mapToInt(namespace -> namespace.classes.size()).sum();
    return pods.filter(found -> found.stream().mapToInt(Set::size).sum() < classes)
        .map(found -> found.stream().flatMap(Collection::stream))
        .orElseGet(() -> inNamespaces.stream().flatMap(n -> n.classes.values().stream()));
  }

  /** For one user less. */
  public void release(PodGroup group) {
    group.users--;
    unused.add(group);
  }

  /** Forgets the groups that nobody uses any more. */
  public void forgetUnused() {
    for (var group : unused) {
      if (group.users == 0 && groups.of(group.pods).filter(group::equals).isPresent()) {
        groups.remove(group);
        group.classes.forEach(pods -> pods.groups.remove(group));
      }
    }
    unused.clear();
  }
}
