package io.portcullis.policy.grouping;

import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.Labels;
import io.portcullis.policy.grouping.PodGroup.Bucket;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * An index of all groups of pods. It finds a group by the most selective requirement on the
 * namespace's labels and the one on the pod's.
 */
final class PodGroups {
  /** Stands where a selector requires no label. */
  static final Label NONE = Label.present("");

  private final Map<PeerPods, PodGroup> groups = new HashMap<>();
  private final Map<Label, Map<Label, Set<PodGroup>>> buckets = new HashMap<>();
  private final ToIntFunction<Label> namespaces;
  private final ToIntFunction<Label> pods;
  private long last;

  /**
   * @param namespaces how many namespaces have a label
   * @param pods how many classes of pods have a label
   */
  PodGroups(ToIntFunction<Label> namespaces, ToIntFunction<Label> pods) {
    this.namespaces = namespaces;
    this.pods = pods;
  }

  Optional<PodGroup> of(PeerPods peers) {
    return Optional.ofNullable(groups.get(peers));
  }

  /** Adds a group. The caller finds its classes. */
  PodGroup add(PeerPods peers) {
    var group = new PodGroup(peers, ++last, buckets(peers));
    groups.put(peers, group);
    for (var bucket : group.buckets) {
      buckets
          .computeIfAbsent(bucket.namespace(), _ -> new HashMap<>())
          .computeIfAbsent(bucket.pod(), _ -> new HashSet<>(4))
          .add(group);
    }
    return group;
  }

  private List<Bucket> buckets(PeerPods peers) {
    var found = new ArrayList<Bucket>();
    for (var namespace : labels(peers.namespaces(), namespaces)) {
      for (var pod : labels(peers.pods(), pods)) {
        found.add(new Bucket(namespace, pod));
      }
    }
    return found;
  }

  private static Collection<Label> labels(LabelSelector selector, ToIntFunction<Label> frequency) {
    return Label.mostSelective(selector, frequency).orElse(List.of(NONE));
  }

  void remove(PodGroup group) {
    groups.remove(group.pods);
    for (var bucket : group.buckets) {
      var byPod = buckets.get(bucket.namespace());
      var remaining = byPod.get(bucket.pod());
      remaining.remove(group);
      if (remaining.isEmpty()) {
        byPod.remove(bucket.pod());
      }
      if (byPod.isEmpty()) {
        buckets.remove(bucket.namespace());
      }
    }
  }

  /** Returns the groups of pods with these labels. */
  Set<PodGroup> matching(Labels namespace, Labels pod) {
    var podLabels = new ArrayList<>(Label.all(pod));
    podLabels.add(NONE);
    var namespaceLabels = new ArrayList<>(Label.all(namespace));
    namespaceLabels.add(NONE);
    var found = new HashSet<PodGroup>(8);
    for (var label : namespaceLabels) {
      var byPod = buckets.get(label);
      if (byPod != null) {
        for (var podLabel : podLabels) {
          for (var group : byPod.getOrDefault(podLabel, Set.of())) {
            if (group.pods.matches(namespace, pod)) {
              found.add(group);
            }
          }
        }
      }
    }
    return found;
  }
}
