package io.portcullis.policy.reach;

import io.portcullis.net.Family;
import io.portcullis.policy.reach.RowCollector.Happening;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

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
    var rows = new RowCollector();
    var moved = Turnover.parties(before, now, level);
    for (var family : Family.values()) {
      var space = new PeerSpace(family, List.of(before, now), List.of());
      add(space, before, now, rows);
      if (!moved.isEmpty()) {
        new Turnover(space, before, now, level, moved, rows).add();
      }
    }
    return rows.rows(() -> sizes(before, now));
  }

  /**
   * Returns the nodes that are at an address in one snapshot only: what such addresses may reach is
   * compared with nothing.
   */
  public static SortedSet<String> movedNodes(Snapshot before, Snapshot now) {
    var moved = new TreeSet<String>();
    addMoved(before, now, moved);
    addMoved(now, before, moved);
    return moved;
  }

  private static void addMoved(Snapshot one, Snapshot other, SortedSet<String> moved) {
    one.nodes()
        .forEach(
            (address, nodes) ->
                nodes.stream()
                    .filter(node -> !other.nodes().getOrDefault(address, Set.of()).contains(node))
                    .forEach(moved::add));
  }

  private Map<Party, Integer> sizes(Snapshot before, Snapshot now) {
    var sizes = new HashMap<>(new Census(level, before).sizes());
    sizes.putAll(new Census(level, now).sizes());
    return sizes;
  }

  private void add(PeerSpace space, Snapshot before, Snapshot now, RowCollector rows) {
    var candidates = new Candidates(new Reachability(space, before), new Reachability(space, now));
    if (candidates.count() > MAX_PAIRS) {
      throw new IllegalArgumentException(
          "the two differ for %d kinds of pairs, too many to list".formatted(candidates.count()));
    }
    var sources = candidates.sources();
    var destinations = candidates.destinations();
    var census = new Census(level, now, before);
    var flows =
        new FamilyRows(
            space,
            new Reachability(space, now, sources, destinations),
            new Reachability(space, before, sources, destinations),
            Happening::between,
            new Parties(census, Ends.ALL),
            new Parties(census, Ends.ALL),
            rows);
    var classes = space.classes();
    candidates.forEach(
        (source, destination) -> flows.add(classes.get(source), classes.get(destination)));
    candidates.changed().forEach((int pods) -> flows.addOwn(classes.get(pods)));
    flows.finish();
  }
}
