package io.portcullis.policy.reach;

import io.portcullis.net.Family;
import io.portcullis.policy.reach.RowCollector.Happening;
import java.util.List;
import java.util.TreeMap;

/** The question which flows one state of a cluster allows and another does not. */
public record ChangeQuery(Level level) {
  private static final long MAX_PAIRS = 4_000_000;

  /**
   * Returns the flows that are opened and closed. A pod is compared with itself, a party whose pods
   * came, went or moved as a whole: of that, what no pod could before is opened.
   *
   * @throws IllegalArgumentException when more differs than can be listed
   */
  public List<Row> rows(Snapshot before, Snapshot now) {
    var census = Census.ofBoth(before, now, level);
    var sizes = new TreeMap<>(Census.of(before, level).sizes());
    sizes.putAll(Census.of(now, level).sizes());
    var rows = new RowCollector(sizes);
    for (var family : Family.values()) {
      var space = new PeerSpace(family, List.of(before, now), List.of());
      var old = new Reachability(space, before);
      var young = new Reachability(space, now);
      add(space, old, young, census, rows);
      new Turnover(space, old, young, level, rows).add();
    }
    return rows.rows();
  }

  private static void add(
      PeerSpace space, Reachability old, Reachability young, Census census, RowCollector rows) {
    var flows =
        new FamilyRows(space, young, old, Happening::between, census, Ends.ALL, Ends.ALL, rows);
    var candidates = new Candidates(old, young);
    var classes = space.classes();
    var pairs = candidates.pairs().values().stream().mapToLong(d -> d.getLongCardinality()).sum();
    if (pairs > MAX_PAIRS) {
      throw new IllegalArgumentException(
          "the states differ for %d kinds of pairs, too many to list".formatted(pairs));
    }
    candidates
        .pairs()
        .forEach(
            (source, destinations) ->
                destinations.forEach(
                    (int peer) -> flows.add(classes.get(source), classes.get(peer))));
    candidates.changed().forEach((int pods) -> flows.addOwn(classes.get(pods)));
    flows.finish();
  }
}
