package io.portcullis.policy.reach;

import io.portcullis.net.Family;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** The question which flows one state of a cluster allows and another does not. */
public record ChangeQuery(Level level) {
  /** How many pairs of parties are listed one by one, at most. */
  private static final long MAX_PAIRS = 100_000;

  /** How many pairs are listed where pods came, went or moved: these are not told in groups. */
  private static final long MAX_PAIRS_OF_MOVED = 4_000_000;

  /**
   * Returns the flows that are opened and closed, for each two parties.
   *
   * @throws IllegalArgumentException when more differs than can be listed
   */
  public List<Row> rows(Snapshot before, Snapshot now) {
    return switch (answer(before, now)) {
      case ChangeAnswer.Pairs(var rows) -> rows;
      case ChangeAnswer.Groups _ ->
          throw new IllegalArgumentException("the two differ for too many pairs to list");
    };
  }

  /**
   * Returns the flows that are opened and closed. A pod is compared with itself, a party whose pods
   * came, went or moved as a whole: of that, what no pod could before is opened.
   *
   * @throws IllegalArgumentException when pods moved and more differs than can be listed
   */
  public ChangeAnswer answer(Snapshot before, Snapshot now) {
    return answer(before, now, MAX_PAIRS);
  }

  /**
   * Returns the same.
   *
   * @param most how many pairs of parties are listed one by one
   */
  ChangeAnswer answer(Snapshot before, Snapshot now, long most) {
    var moved = Turnover.parties(before, now, level);
    var families = new ArrayList<FamilyChange>();
    for (var family : Family.values()) {
      families.add(new FamilyChange(family, level, before, now));
    }
    var pairs = families.stream().mapToLong(FamilyChange::pairs).sum();
    if (pairs <= (moved.isEmpty() ? most : MAX_PAIRS_OF_MOVED)) {
      return new ChangeAnswer.Pairs(pairs(families, before, now, moved));
    }
    if (!moved.isEmpty()) {
      throw new IllegalArgumentException(
          "the two differ for too many pairs to list, and %d parties have other pods or addresses"
              .formatted(moved.size()));
    }
    var sizes = new HashMap<Party, Integer>();
    var groups = new ArrayList<RowGroup>();
    families.forEach(
        change ->
            groups.addAll(
                change.groups(
                    () -> {
                      if (sizes.isEmpty()) {
                        sizes.putAll(sizes(before, now));
                      }
                      return sizes;
                    })));
    return new ChangeAnswer.Groups(groups);
  }

  private List<Row> pairs(
      List<FamilyChange> families, Snapshot before, Snapshot now, Set<Party> moved) {
    var rows = new RowCollector();
    families.forEach(change -> change.addTo(rows));
    if (!moved.isEmpty()) {
      for (var family : Family.values()) {
        var space = new PeerSpace(family, List.of(before, now), List.of());
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
    var sizes = new HashMap<Party, Integer>();
    if (!now.hasAddressesOf(before)) {
      sizes.putAll(new Census(level, before).sizes());
    }
    sizes.putAll(new Census(level, now).sizes());
    return sizes;
  }
}
