package io.portcullis.policy.rules;

import io.portcullis.policy.grouping.NodeGroup;
import io.portcullis.policy.grouping.PodGroup;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** An index of the sets whose members follow from a group. */
final class SetsByPeer {
  private final Map<PodGroup, Set<LiveSet>> byPods = new HashMap<>();
  private final Map<NodeGroup, Set<LiveSet>> byNodes = new HashMap<>();

  Set<LiveSet> of(PodGroup group) {
    return byPods.getOrDefault(group, Set.of());
  }

  Set<LiveSet> of(NodeGroup group) {
    return byNodes.getOrDefault(group, Set.of());
  }

  /** Adds a set under all of its groups. */
  void add(LiveSet set) {
    set.groups.keySet().forEach(group -> add(byPods, group, set));
    set.nodeGroups.forEach(group -> add(byNodes, group, set));
  }

  /** Removes a set from all of its groups. */
  void remove(LiveSet set) {
    set.groups.keySet().forEach(group -> remove(byPods, group, set));
    set.nodeGroups.forEach(group -> remove(byNodes, group, set));
  }

  private static <G> void add(Map<G, Set<LiveSet>> index, G group, LiveSet set) {
    index.computeIfAbsent(group, _ -> new HashSet<>(4)).add(set);
  }

  private static <G> void remove(Map<G, Set<LiveSet>> index, G group, LiveSet set) {
    var sets = index.get(group);
    sets.remove(set);
    if (sets.isEmpty()) {
      index.remove(group);
    }
  }
}
