package io.portcullis.policy.grouping;

import io.portcullis.cluster.ClusterObject.Namespace;
import io.portcullis.cluster.ClusterObject.Pod;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** An index of which classes of pods are in which groups. */
public final class GroupIndex {
  private final Function<String, Namespace> objects;
  private final Set<String> exemptNamespaces;
  private final Map<String, Entry> namespaces = new HashMap<>();
  private final ByLabel<Entry> namespacesByLabel = new ByLabel<>();
  private final ByLabel<PodClass> classesByLabel = new ByLabel<>();
  private final PodGroups groups =
      new PodGroups(namespacesByLabel::frequency, classesByLabel::frequency);
  private final Map<PodGroup, Set<PodClass>> members = new HashMap<>();
  private final Set<PodGroup> unused = new LinkedHashSet<>();

  /** A namespace with the classes of its pods. */
  private static final class Entry {
    final PodNamespace namespace;
    final Map<PodClass.Kind, PodClass> classes = new HashMap<>();

    Entry(PodNamespace namespace) {
      this.namespace = namespace;
    }
  }

  /**
   * @param objects namespaces by name
   */
  public GroupIndex(Function<String, Namespace> objects, Set<String> exemptNamespaces) {
    this.objects = objects;
    this.exemptNamespaces = exemptNamespaces;
  }

  /** Returns the class of a pod, and adds it if it is new. */
  public PodClass classOf(Pod pod, GroupListener listener) {
    var entry = namespaces.get(pod.key().namespace());
    if (entry == null) {
      entry = add(pod.key().namespace());
    }
    var kind = PodClass.Kind.of(pod);
    var known = entry.classes.get(kind);
    return known == null ? add(entry, kind, listener) : known;
  }

  private Entry add(String name) {
    var exempt = exemptNamespaces.contains(name); // T13
    var entry = new Entry(new PodNamespace(objects.apply(name), exempt));
    namespaces.put(name, entry);
    namespacesByLabel.add(entry, entry.namespace.labels());
    return entry;
  }

  private PodClass add(Entry entry, PodClass.Kind kind, GroupListener listener) {
    var pods = new PodClass(entry.namespace, kind);
    entry.classes.put(kind, pods);
    classesByLabel.add(pods, pods.labels);
    pods.groups.addAll(groups.matching(entry.namespace.labels(), pods.labels));
    pods.groups.forEach(group -> members.get(group).add(pods));
    listener.policiesMayDiffer(pods);
    return pods;
  }

  /** Forgets a class that has no pods any more. */
  public void remove(PodClass pods) {
    var entry = namespaces.get(pods.namespace.name);
    entry.classes.remove(pods.kind());
    classesByLabel.remove(pods, pods.labels);
    pods.groups.forEach(group -> members.get(group).remove(pods));
    if (entry.classes.isEmpty()) {
      namespaces.remove(pods.namespace.name);
      namespacesByLabel.remove(entry, pods.namespace.labels());
    }
  }

  /** Takes in that a namespace's object came, went or changed. */
  public void namespaceChanged(String name, GroupListener listener) {
    var entry = namespaces.get(name);
    if (entry == null) {
      return;
    }
    var namespace = entry.namespace;
    var labels = namespace.labels();
    var isolated = namespace.isolated();
    namespace.take(objects.apply(name));
    if (!labels.equals(namespace.labels())) {
      namespacesByLabel.remove(entry, labels);
      namespacesByLabel.add(entry, namespace.labels());
      entry.classes.values().forEach(pods -> matchAgain(pods, listener));
    }
    if (isolated != namespace.isolated()) { // L1
      entry.classes.values().forEach(listener::policiesMayDiffer);
    }
  }

  private void matchAgain(PodClass pods, GroupListener listener) {
    var now = groups.matching(pods.namespace.labels(), pods.labels);
    for (var group : List.copyOf(pods.groups)) {
      if (!now.contains(group)) {
        pods.groups.remove(group);
        members.get(group).remove(pods);
        listener.moved(pods, group);
      }
    }
    for (var group : now) {
      if (pods.groups.add(group)) {
        members.get(group).add(pods);
        listener.moved(pods, group);
      }
    }
  }

  /** Returns the classes of a group that is in use. */
  public Set<PodClass> classes(PodGroup group) {
    return Collections.unmodifiableSet(members.get(group));
  }

  /** Returns the group of these pods, which now has one user more. */
  public PodGroup acquire(PeerPods peers) {
    var group = groups.of(peers).orElseGet(() -> add(peers));
    group.users++;
    return group;
  }

  private PodGroup add(PeerPods peers) {
    var group = groups.add(peers);
    var classes = new HashSet<PodClass>();
    members.put(group, classes);
    candidates(peers)
        .filter(pods -> peers.matches(pods.namespace.labels(), pods.labels))
        .forEach(
            pods -> {
              classes.add(pods);
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
    var classes = inNamespaces.stream().mapToInt(entry -> entry.classes.size()).sum();
    return pods.filter(found -> found.stream().mapToInt(Set::size).sum() < classes)
        .map(found -> found.stream().flatMap(Collection::stream))
        .orElseGet(() -> inNamespaces.stream().flatMap(entry -> entry.classes.values().stream()));
  }

  /** Takes one user away. {@link #forgetUnused} forgets a group without users. */
  public void release(PodGroup group) {
    group.users--;
    unused.add(group);
  }

  /** Forgets the groups that have no users any more. */
  public void forgetUnused() {
    for (var group : unused) {
      if (group.users == 0 && groups.of(group.pods).filter(group::equals).isPresent()) {
        groups.remove(group);
        members.remove(group).forEach(pods -> pods.groups.remove(group));
      }
    }
    unused.clear();
  }
}
