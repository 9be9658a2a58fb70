package io.portcullis.policy.reach;

import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.roaringbitmap.RoaringBitmap;

/** Finds the addresses of pods and nodes from or to which two snapshots may decide differently. */
final class Touched {
  /** Where a change touches one pod of so many, all are looked at. */
  private static final int FEW = 4;

  private final Family family;
  private final Snapshot before;
  private final Snapshot now;
  private final Sameness same;
  private final Set<IpAddress> changed = new HashSet<>();

  private Touched(Family family, Snapshot before, Snapshot now, Sameness same) {
    this.family = family;
    this.before = before;
    this.now = now;
    this.same = same;
  }

  /**
   * Returns the classes that tell apart all addresses between which the two may differ, and no more
   * than can be helped.
   */
  static PeerSpace space(Family family, Snapshot before, Snapshot now, Sameness same) {
    return new Touched(family, before, now, same).space();
  }

  private PeerSpace space() {
    var both = List.of(before, now);
    var known = Snapshot.addresses(family, both);
    known.inOrder().stream().filter(address -> !same.isSame(address)).forEach(changed::add);
    if (changed.size() > known.size() / FEW) {
      return new PeerSpace(family, both, List.of());
    }
    var touched = peers(new PeerSpace(family, both, List.of(), changed::contains));
    touched.addAll(changed);
    return new PeerSpace(family, both, List.of(), touched::contains);
  }

  /** Returns the peers that the chains of changed pods decide differently. */
  private Set<IpAddress> peers(PeerSpace space) {
    var pairs =
        new Candidates(new Reachability(space, before), new Reachability(space, now), same).pairs();
    var differing = new RoaringBitmap();
    pairs.forEach(
        (source, destinations) -> {
          differing.add(source);
          differing.or(destinations);
        });
    var peers = new HashSet<IpAddress>();
    for (int number : differing) {
      if (space.classes().get(number) instanceof PeerClass.Known(_, var addresses)) {
        peers.addAll(addresses);
      }
    }
    return peers;
  }
}
