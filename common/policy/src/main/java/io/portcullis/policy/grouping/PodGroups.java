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
 * All groups, each found by its most selective requirements: one on the namespace's labels and one
 * on the pod's.
 */
final class PodGroups {
  /** Where no label is required. */
  static final Label NONE = Label.present("");

  private final Map<PeerPods, PodGroup> groups = new HashMap<>();
  private final Map<Label, Map<Label, Set<PodGroup>>> buckets = new HashMap<>();
  private final ToIntFunction<Label> namespaces;
  private final ToIntFunction<Label> pods;
  private long last;

  /**
   * @param namespaces how many namespaces have a label
   * @param pods how many classes of pods have one
   */
  PodGroups(ToIntFunction<Label> namespaces, ToIntFunction<Label> pods) {
    this.namespaces = namespaces;
    this.pods = pods;
  }

  Optional<PodGroup> of(PeerPods peers) {
    return Optional.ofNullable(groups.get(peers));
  }

  /** A new group; its classes are yet to be found. */
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

  private static Collection<Label> labels(LabelSelector of, ToIntFunction<Label> frequency) {
    return Label.mostSelective(of, frequency).orElse(List.of(NONE));
  }

  void remove(PodGroup group) {
    groups.remove(group.pods);
    for (var bucket : group.buckets) {
      var byPod = buckets.get(bucket.namespace());
      var all = byPod.get(bucket.pod());
      all.remove(group);
      if (all.isEmpty()) {
        byPod.remove(bucket.pod());
      }
      if (byPod.isEmpty()) {
        buckets.remove(bucket.namespace());
      }
    }
  }

  /** Those that pods with these labels are in. */
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
