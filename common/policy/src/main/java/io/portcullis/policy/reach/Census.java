package io.portcullis.policy.reach;

import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.net.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Who lives at which address, and to which party that one belongs. */
final class Census {
  private final Map<IpAddress, List<Resident>> residents = new HashMap<>();
  private final Map<Party, Set<String>> members = new HashMap<>();

  /**
   * A pod or a node at one of its addresses.
   *
   * @param name of the pod or node, which all of its addresses share
   * @param pod absent for a node
   */
  record Resident(IpAddress address, Party party, String name, Optional<Pod> pod) {}

  /** Counts all pods and nodes of a snapshot. */
  static Census of(Snapshot snapshot, Level level) {
    var census = new Census();
    snapshot.pods().forEach((address, pod) -> census.add(address, pod, level));
    snapshot
        .nodes()
        .forEach((address, names) -> names.forEach(name -> census.add(address, name, level)));
    return census;
  }

  /** Counts the pods and nodes that have the same address in both snapshots. */
  static Census ofBoth(Snapshot before, Snapshot now, Level level) {
    var census = new Census();
    now.pods()
        .forEach(
            (address, pod) -> {
              if (before.pod(address).filter(p -> sameFor(p, pod, level)).isPresent()) {
                census.add(address, pod, level);
              }
            });
    now.nodes()
        .forEach(
            (address, names) ->
                names.stream()
                    .filter(before.nodes().getOrDefault(address, Set.of())::contains)
                    .forEach(name -> census.add(address, name, level)));
    return census;
  }

  private static boolean sameFor(Pod before, Pod now, Level level) {
    return before.key().equals(now.key()) && level.name(before).equals(level.name(now));
  }

  private void add(IpAddress address, Pod pod, Level level) {
    var name = Level.POD.name(pod);
    add(new Resident(address, new Party.Pods(level.name(pod)), name, Optional.of(pod)));
  }

  private void add(IpAddress address, String node, Level level) {
    var party =
        new Party.Nodes(
            switch (level) {
              case POD -> "node " + node;
              case WORKLOAD, NAMESPACE -> "nodes";
            });
    add(new Resident(address, party, node, Optional.empty()));
  }

  private void add(Resident resident) {
    residents.computeIfAbsent(resident.address(), _ -> new ArrayList<>(1)).add(resident);
    members.computeIfAbsent(resident.party(), _ -> new HashSet<>()).add(resident.name());
  }

  /** Returns who lives at an address; several nodes may share one. */
  List<Resident> at(IpAddress address) {
    return residents.getOrDefault(address, List.of());
  }

  /** Returns how many members each party has. */
  Map<Party, Integer> sizes() {
    var sizes = new TreeMap<Party, Integer>();
    members.forEach((party, names) -> sizes.put(party, names.size()));
    return sizes;
  }

  Set<String> members(Party party) {
    return members.getOrDefault(party, Set.of());
  }
}
