package io.portcullis.policy.reach;

import io.portcullis.net.Family;
import io.portcullis.policy.rules.PodChains;
import io.portcullis.ruleset.TrafficPath;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * How much there is to decide in a snapshot, over both families.
 *
 * @param classes the classes of addresses
 * @param chains the sequences of chains that pods have, each once
 * @param intervals the intervals of ports of all these together
 */
public record Size(int classes, int chains, int intervals) {

  /** Returns the size of a snapshot, by deciding all flows of it. */
  public static Size of(Snapshot snapshot) {
    var size = new Size(0, 0, 0);
    for (var family : Family.values()) {
      var space = new PeerSpace(family, List.of(snapshot), List.of());
      size = size.plus(new Size(space.classes().size(), 0, 0));
      Set<PodChains> seen = Collections.newSetFromMap(new IdentityHashMap<>());
      for (var peers : space.classes()) {
        var chains = snapshot.chains(peers.first()).filter(seen::add);
        if (chains.isPresent()) {
          for (var path : TrafficPath.values()) {
            var slots =
                PathVerdicts.of(space, snapshot, chains.get(), path, space.all()).slots().size();
            size = size.plus(new Size(0, 1, slots));
          }
        }
      }
    }
    return size;
  }

  private Size plus(Size other) {
    return new Size(classes + other.classes, chains + other.chains, intervals + other.intervals);
  }
}
