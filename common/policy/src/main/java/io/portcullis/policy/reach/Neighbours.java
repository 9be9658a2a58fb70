package io.portcullis.policy.reach;

import io.portcullis.policy.reach.Census.Resident;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who of those who live at addresses of a space is at which end of flows, in one snapshot. */
record Neighbours(PeerSpace space, Snapshot snapshot) {

  /**
   * Returns those who have another one among the others that is neither the same (T4) nor a pod and
   * its own node (T5); nobody where both are nodes, as no policy decides between them.
   */
  List<Resident> meeting(List<Resident> some, List<Resident> others) {
    return some.getFirst().pod().isEmpty() && others.getFirst().pod().isEmpty()
        ? List.of()
        : some.stream().filter(one -> meetsAny(one, others)).toList();
  }

  private boolean meetsAny(Resident one, List<Resident> others) {
    for (var other : others) {
      if (!one.address().equals(other.address()) && !areNodeAndPod(one, other)) {
        return true;
      }
    }
    return false;
  }

  private boolean areNodeAndPod(Resident one, Resident other) {
    return snapshot.isOwnNode(one.address(), other.address())
        || snapshot.isOwnNode(other.address(), one.address());
  }

  /**
   * Returns the pods by the classes of their own nodes' addresses (T5).
   *
   * @param asked tells which of these addresses count
   */
  Map<PeerClass, List<Resident>> byOwnNode(Collection<Resident> pods, Ends asked) {
    var byNode = new LinkedHashMap<PeerClass, List<Resident>>();
    for (var pod : pods) {
      for (var address : snapshot.ownNode(pod.pod().orElseThrow())) {
        if (address.family() == space.family() && asked.has(address, Optional.empty())) {
          byNode.computeIfAbsent(space.classOf(address), _ -> new ArrayList<>()).add(pod);
        }
      }
    }
    return byNode;
  }
}
