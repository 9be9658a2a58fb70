package io.portcullis.policy.state;

import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.net.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** An index of the pod that each address belongs to. */
final class Owners {
  /**
   * The newer pod wins, then the greater UID (T11). The key only makes the order total. A pod that
   * was refused takes no address from a valid one (N10).
   */
  private static final Comparator<Pod> NEWER =
      Comparator.comparing((Pod pod) -> !pod.origin().failClosed())
          .thenComparing(Pod::createdMicros)
          .thenComparing(pod -> pod.origin().uid())
          .thenComparing(Pod::key);

  private final Map<IpAddress, Pod> owners = new HashMap<>();

  /** All pods of each address that several pods have. */
  private final SortedMap<IpAddress, List<Pod>> contested = new TreeMap<>();

  private final Map<String, Integer> addressesByNode = new HashMap<>();

  /**
   * Takes in that a pod came, went or changed.
   *
   * @param changed gets the addresses that now belong to another pod or to another form of their
   *     pod
   * @return whether a node got its first pod or lost its last
   */
  boolean change(Optional<Pod> before, Optional<Pod> after, Set<IpAddress> changed) {
    var addresses = new HashSet<IpAddress>();
    before.ifPresent(pod -> addresses.addAll(counted(pod)));
    after.ifPresent(pod -> addresses.addAll(counted(pod)));
    var nodesChanged = false;
    for (var address : addresses) {
      var old = of(address);
      before.filter(pod -> counted(pod).contains(address)).ifPresent(pod -> leave(address, pod));
      after.filter(pod -> counted(pod).contains(address)).ifPresent(pod -> join(address, pod));
      nodesChanged |= move(old.map(Pod::node), of(address).map(Pod::node));
      changed.add(address);
    }
    return nodesChanged;
  }

  private static Collection<IpAddress> counted(Pod pod) {
    return pod.finished() || pod.hostNetwork() ? List.of() : pod.addresses(); // T7, T6, T8
  }

  private void leave(IpAddress address, Pod pod) {
    var all = contested.get(address);
    if (all == null) {
      owners.remove(address);
      return;
    }
    all.removeIf(other -> other.key().equals(pod.key()));
    owners.put(address, Collections.max(all, NEWER)); // T11
    if (all.size() == 1) {
      contested.remove(address);
    }
  }

  private void join(IpAddress address, Pod pod) {
    var owner = owners.get(address);
    if (owner == null) {
      owners.put(address, pod);
      return;
    }
    var all = contested.computeIfAbsent(address, _ -> new ArrayList<>(List.of(owner)));
    all.add(pod);
    owners.put(address, Collections.max(all, NEWER)); // T11
  }

  private boolean move(Optional<String> from, Optional<String> to) {
    if (from.equals(to)) {
      return false;
    }
    var changed = false;
    if (from.isPresent()) {
      changed = addressesByNode.merge(from.get(), -1, Integer::sum) == 0;
      addressesByNode.remove(from.get(), 0);
    }
    if (to.isPresent()) {
      changed |= addressesByNode.merge(to.get(), 1, Integer::sum) == 1;
    }
    return changed;
  }

  Optional<Pod> of(IpAddress address) {
    return Optional.ofNullable(owners.get(address));
  }

  /** Returns all pods that have an address, those that lost it to a newer one too (T11). */
  Collection<Pod> all(IpAddress address) {
    var several = contested.get(address);
    return several == null ? of(address).stream().toList() : List.copyOf(several);
  }

  Set<IpAddress> addresses() {
    return Collections.unmodifiableSet(owners.keySet());
  }

  /** Returns the names of the nodes with pods that count. */
  Set<String> nodes() {
    var names = new HashSet<>(addressesByNode.keySet());
    names.remove(""); // bound to no node yet
    return names;
  }

  /** Returns the conflicts, by address and then by the key of the pod that lost. */
  List<Conflict> conflicts() {
    var conflicts = new ArrayList<Conflict>();
    contested.forEach(
        (address, pods) -> {
          var winner = owners.get(address);
          pods.stream()
              .filter(pod -> pod != winner)
              .sorted(Comparator.comparing(Pod::key))
              .forEach(loser -> conflicts.add(new Conflict(address, winner, loser)));
        });
    return conflicts;
  }
}
