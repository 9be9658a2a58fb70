package io.portcullis.policy.reach;

import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.net.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who lives at which address in all of some snapshots, and to which party that one belongs. */
final class Census {
  private final Snapshot first;
  private final List<Snapshot> others;
  private final Level level;

  /**
   * A pod or a node at one of its addresses.
   *
   * @param name of the pod or node, which all of its addresses share
   * @param pod absent for a node
   */
  record Resident(IpAddress address, Party party, String name, Optional<Pod> pod) {}

  /** Counts those who live at an address in the first snapshot, and at the same in all others. */
  Census(Level level, Snapshot first, Snapshot... others) {
    this.level = level;
    this.first = first;
    this.others = List.of(others);
  }

  /** Returns who lives at an address; several nodes may share one. */
  List<Resident> at(IpAddress address) {
    var pod = first.pod(address);
    if (pod.isPresent()) {
      return others.stream().allMatch(other -> lives(pod.get(), address, other))
          ? List.of(resident(address, pod.get()))
          : List.of();
    }
    var nodes = new ArrayList<Resident>();
    for (var node : first.nodes().getOrDefault(address, Set.of())) {
      if (others.stream()
          .allMatch(other -> other.nodes().getOrDefault(address, Set.of()).contains(node))) {
        nodes.add(new Resident(address, nodes(node), node, Optional.empty()));
      }
    }
    return nodes;
  }

  private boolean lives(Pod pod, IpAddress address, Snapshot other) {
    return other.pod(address).filter(there -> isSame(level, there, pod)).isPresent();
  }

  /** Tells whether it is one pod of one party, and on one node (T5), in two snapshots. */
  static boolean isSame(Level level, Pod one, Pod other) {
    return one == other
        || one.key().equals(other.key())
            && one.node().equals(other.node())
            && level.name(one).equals(level.name(other));
  }

  private Resident resident(IpAddress address, Pod pod) {
    return new Resident(address, party(pod), Level.POD.name(pod), Optional.of(pod));
  }

  private Party party(Pod pod) {
    return new Party.Pods(level.name(pod));
  }

  private Party nodes(String node) {
    return new Party.Nodes(
        switch (level) {
          case POD -> "node " + node;
          case WORKLOAD, NAMESPACE -> "nodes";
        });
  }

  /** Returns how many pods or nodes each party of the first snapshot has. */
  Map<Party, Integer> sizes() {
    var sizes = new HashMap<Party, Integer>();
    var counted = new HashSet<ObjectKey>();
    for (var pod : first.pods().values()) {
      if (counted.add(pod.key())) {
        sizes.merge(party(pod), 1, Integer::sum);
      }
    }
    first.nodes().values().stream()
        .flatMap(Set::stream)
        .distinct()
        .forEach(node -> sizes.merge(nodes(node), 1, Integer::sum));
    return sizes;
  }
}
