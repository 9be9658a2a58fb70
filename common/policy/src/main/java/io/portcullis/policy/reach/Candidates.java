package io.portcullis.policy.reach;

import io.portcullis.ruleset.TrafficPath;
import java.util.Map;
import java.util.TreeMap;
import org.roaringbitmap.RoaringBitmap;

/**
 * The pairs of classes between which two snapshots may decide differently. Where the chains of a
 * pod and the sets that they use are the same in both, nothing is evaluated.
 */
final class Candidates {
  private final Reachability before;
  private final Reachability now;
  private final Map<Integer, RoaringBitmap> pairs = new TreeMap<>();
  private final RoaringBitmap changed = new RoaringBitmap();

  Candidates(Reachability before, Reachability now, Sameness same) {
    this.before = before;
    this.now = now;
    for (var peers : now.space().classes()) {
      if (peers instanceof PeerClass.Known pods && !same.isSame(pods.first())) {
        changed.add(pods.index());
        difference(pods, TrafficPath.EGRESS).forEach((int peer) -> add(pods.index(), peer));
        difference(pods, TrafficPath.INGRESS).forEach((int peer) -> add(peer, pods.index()));
      }
    }
  }

  private void add(int source, int destination) {
    pairs.computeIfAbsent(source, _ -> new RoaringBitmap()).add(destination);
  }

  /** Returns the destinations to look at, by the source. */
  Map<Integer, RoaringBitmap> pairs() {
    return pairs;
  }

  /** Returns the classes whose own chains, or the sets in them, are other ones. */
  RoaringBitmap changed() {
    return changed;
  }

  private RoaringBitmap difference(PeerClass pods, TrafficPath path) {
    var old = before.verdicts(pods.first(), path);
    var young = now.verdicts(pods.first(), path);
    var different = new RoaringBitmap();
    var from = 0;
    var i = 0;
    var j = 0;
    while (from < PortSet.END) {
      var one = old.slots().get(i);
      var other = young.slots().get(j);
      different.or(RoaringBitmap.xor(one.allowed(), other.allowed()));
      from = Math.min(one.end(), other.end());
      i += one.end() == from ? 1 : 0;
      j += other.end() == from ? 1 : 0;
    }
    return different;
  }
}
