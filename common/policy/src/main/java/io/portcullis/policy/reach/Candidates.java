package io.portcullis.policy.reach;

import io.portcullis.policy.rules.PodChains;
import io.portcullis.ruleset.SetId;
import io.portcullis.ruleset.TrafficPath;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.roaringbitmap.RoaringBitmap;

/**
 * The pairs of classes between which two snapshots may decide differently. Where the chains of a
 * pod and the sets that they use are the same in both, nothing is evaluated.
 */
final class Candidates {
  private final Reachability before;
  private final Reachability now;
  private final Map<SetId, Boolean> sameSets = new HashMap<>();
  private final Map<PodChains, Map<PodChains, Boolean>> sameChains = new IdentityHashMap<>();
  private final Map<Integer, RoaringBitmap> pairs = new TreeMap<>();
  private final RoaringBitmap changed = new RoaringBitmap();

  Candidates(Reachability before, Reachability now) {
    this.before = before;
    this.now = now;
    for (var peers : now.space().classes()) {
      if (peers instanceof PeerClass.Known pods && !isSame(pods)) {
        changed.add(pods.index());
        difference(pods, TrafficPath.EGRESS).forEach((int peer) -> add(pods.index(), peer));
        difference(pods, TrafficPath.INGRESS).forEach((int peer) -> add(peer, pods.index()));
      }
    }
  }

  private void add(int source, int destination) {
    pairs.computeIfAbsent(source, _ -> new RoaringBitmap()).add(destination);
  }

  /** A use of a pair of classes, by their numbers. */
  interface Use {
    void pair(int source, int destination);
  }

  void forEach(Use use) {
    pairs.forEach(
        (source, destinations) ->
            destinations.forEach((int destination) -> use.pair(source, destination)));
  }

  /** Returns how many pairs there are. */
  long count() {
    return pairs.values().stream().mapToLong(RoaringBitmap::getLongCardinality).sum();
  }

  RoaringBitmap sources() {
    var all = new RoaringBitmap();
    pairs.keySet().forEach(all::add);
    return all;
  }

  RoaringBitmap destinations() {
    var all = new RoaringBitmap();
    pairs.values().forEach(all::or);
    return all;
  }

  /** Returns the destinations to look at, by the source. */
  Map<Integer, RoaringBitmap> pairs() {
    return pairs;
  }

  /** Returns the classes whose own chains, or the sets in them, are other ones. */
  RoaringBitmap changed() {
    return changed;
  }

  private boolean isSame(PeerClass.Known pods) {
    var old = before.snapshot().chains(pods.first());
    var young = now.snapshot().chains(pods.first());
    if (old.isEmpty() || young.isEmpty()) {
      return old.equals(young);
    }
    return sameChains
        .computeIfAbsent(old.get(), _ -> new IdentityHashMap<>())
        .computeIfAbsent(young.get(), _ -> isSame(old.get(), young.get()));
  }

  private boolean isSame(PodChains old, PodChains young) {
    for (var path : TrafficPath.values()) {
      if (!old.first(path).map(chain -> chain.id()).equals(young.first(path).map(c -> c.id()))) {
        return false;
      }
    }
    return old.all().stream()
        .flatMap(chain -> chain.rules().stream())
        .flatMap(rule -> rule.peers().stream())
        .allMatch(set -> sameSets.computeIfAbsent(set, this::isSameSet));
  }

  private boolean isSameSet(SetId set) {
    return Optional.ofNullable(before.snapshot().set(set))
        .filter(content -> content.equals(now.snapshot().set(set)))
        .isPresent();
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
