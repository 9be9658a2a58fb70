package io.portcullis.policy.reach;

import io.portcullis.net.Family;
import io.portcullis.policy.reach.RowCollector.Happening;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.roaringbitmap.RoaringBitmap;

/** The difference between two snapshots, for the addresses of one family. */
final class FamilyChange {
  private final PeerSpace space;
  private final Snapshot before;
  private final Snapshot now;
  private final Parties parties;
  private final Rectangles differing = new Rectangles();

  /** The classes whose own chains, or the sets in them, are other ones. */
  private final RoaringBitmap changed = new RoaringBitmap();

  FamilyChange(Family family, Level level, Snapshot before, Snapshot now) {
    var same = new Sameness(before, now);
    this.space = Touched.space(family, before, now, same);
    this.before = before;
    this.now = now;
    this.parties = new Parties(new Census(level, now, before), Ends.ALL);
    for (var peers : space.classes()) {
      if (peers instanceof PeerClass.Known && !same.isSame(peers.first())) {
        changed.add(peers.index());
      }
    }
    if (!changed.isEmpty()) {
      var subjects = space.subjects();
      new FlowMatrix(engine(before), engine(now), PortSet.EVERYTHING, subjects, subjects)
          .forEach(ports -> !ports.before().equals(ports.now()), differing::add);
    }
  }

  private Reachability engine(Snapshot snapshot) {
    return new Reachability(space, snapshot);
  }

  /** Returns how many pairs of parties differ, counted again for other ports and other pods. */
  long pairs() {
    var sizes = new HashMap<Integer, Integer>();
    return differing.all().stream()
        .mapToLong(all -> size(all.sources(), sizes) * size(all.destinations(), sizes))
        .sum();
  }

  private long size(RoaringBitmap classes, Map<Integer, Integer> known) {
    var size = 0L;
    for (int number : classes) {
      size += known.computeIfAbsent(number, _ -> parties(space.classes().get(number)));
    }
    return size;
  }

  private int parties(PeerClass peers) {
    return switch (peers) {
      case PeerClass.Known _ -> parties.in(peers).size();
      case PeerClass.Outside _ -> 1;
    };
  }

  /** Adds a row for each two parties. */
  void addTo(RowCollector rows) {
    var pairs = differing.bySource();
    var sources = new RoaringBitmap();
    var destinations = new RoaringBitmap();
    pairs.forEach(
        (source, all) -> {
          sources.add(source);
          destinations.or(all);
        });
    var flows = rows(sources, destinations, rows);
    var classes = space.classes();
    pairs.forEach(
        (source, all) -> all.forEach((int to) -> flows.add(classes.get(source), classes.get(to))));
    addOwn(flows);
    flows.finish();
  }

  private FamilyRows rows(RoaringBitmap sources, RoaringBitmap destinations, RowCollector rows) {
    return new FamilyRows(
        space,
        new Reachability(space, now, sources, destinations),
        new Reachability(space, before, sources, destinations),
        Happening::between,
        parties,
        parties,
        rows);
  }

  private void addOwn(FamilyRows flows) {
    changed.forEach((int pods) -> flows.addOwn(space.classes().get(pods)));
  }

  /**
   * Returns the same flows with many parties in one.
   *
   * @param sizes tells how many members each party has
   */
  List<RowGroup> groups(Supplier<Map<Party, Integer>> sizes) {
    var groups = new ArrayList<RowGroup>();
    var index = new PartyIndex(space, parties, sizes);
    var was = engine(before);
    var is = engine(now);
    differing.all().forEach(all -> groups.add(new RectangleGroup(all, index, was, is)));
    var own = new RowCollector();
    addOwn(rows(new RoaringBitmap(), new RoaringBitmap(), own));
    groups.addAll(OwnGroup.of(space.family(), own.rows(sizes)));
    return groups;
  }
}
