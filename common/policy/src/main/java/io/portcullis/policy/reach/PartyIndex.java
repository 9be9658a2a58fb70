package io.portcullis.policy.reach;

import io.portcullis.net.IpRange;
import io.portcullis.policy.reach.Census.Resident;
import io.portcullis.policy.reach.Row.End;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.roaringbitmap.RoaringBitmap;

/** The parties in all classes of a family, numbered in their order. */
final class PartyIndex {
  private final PeerSpace space;
  private final Parties residents;
  private final Supplier<Map<Party, Integer>> sizes;
  private final List<Party> parties = new ArrayList<>();
  private final Map<Party, RoaringBitmap> classes = new TreeMap<>();
  private final int[][] byClass;

  /**
   * @param sizes tells how many members each party has
   */
  PartyIndex(PeerSpace space, Parties residents, Supplier<Map<Party, Integer>> sizes) {
    this.space = space;
    this.residents = residents;
    this.sizes = sizes;
    for (var peers : space.classes()) {
      for (var party : residents.in(peers).keySet()) {
        classes.computeIfAbsent(party, _ -> new RoaringBitmap()).add(peers.index());
      }
    }
    this.byClass = new int[space.classes().size()][];
    var counts = new int[byClass.length];
    classes.values().forEach(all -> all.forEach((int peers) -> counts[peers]++));
    for (var peers = 0; peers < byClass.length; peers++) {
      byClass[peers] = new int[counts[peers]];
    }
    classes.forEach(
        (party, all) -> {
          for (int peers : all) {
            byClass[peers][--counts[peers]] = parties.size();
          }
          parties.add(party);
        });
  }

  /** Returns the parties in some classes; networks are one. */
  RowGroup.Side side(RoaringBitmap of) {
    var known = new BitSet(parties.size());
    for (int peers : of) {
      for (var party : byClass[peers]) {
        known.set(party);
      }
    }
    var network = networks(of);
    return new RowGroup.Side() {
      @Override
      public int size() {
        return known.cardinality() + (network.isPresent() ? 1 : 0);
      }

      @Override
      public List<End> first(int most) {
        var ends = new ArrayList<End>();
        known.stream().limit(most).forEach(party -> ends.add(end(parties.get(party), of)));
        network.filter(_ -> ends.size() < most).ifPresent(ends::add);
        return ends;
      }
    };
  }

  private Optional<End> networks(RoaringBitmap of) {
    var ranges = new ArrayList<IpRange>();
    for (int peers : of) {
      if (space.classes().get(peers) instanceof PeerClass.Outside outside) {
        ranges.addAll(outside.ranges());
      }
    }
    return ranges.isEmpty()
        ? Optional.empty()
        : Optional.of(new End(new Party.Outside(NetworkWords.of(ranges)), 0, 0));
  }

  private End end(Party party, RoaringBitmap of) {
    var names = new HashSet<String>();
    residents(party, of).forEach(resident -> names.add(resident.name()));
    return new End(party, names.size(), sizes.get().getOrDefault(party, names.size()));
  }

  /** Returns those of a party who live in some classes. */
  List<Resident> residents(Party party, RoaringBitmap of) {
    var all = new ArrayList<Resident>();
    for (int peers : RoaringBitmap.and(classes.getOrDefault(party, new RoaringBitmap()), of)) {
      all.addAll(residents.in(space.classes().get(peers)).get(party));
    }
    return all;
  }
}
