package io.portcullis.policy.reach;

import io.portcullis.net.Family;
import io.portcullis.net.IpRange;
import io.portcullis.policy.reach.Row.Effect;
import io.portcullis.policy.reach.RowCollector.Happening;
import java.util.ArrayList;
import java.util.List;

/**
 * The question who reaches whom, on which ports.
 *
 * @param ports the ports that are asked about
 */
public record ReachQuery(Ends from, Ends to, PortSet ports, Level level) {
  /** How many pairs of classes are looked at, at most: an answer to more nobody reads. */
  private static final long MAX_PAIRS = 4_000_000;

  /**
   * Returns all flows that are allowed, but for those that always are: of a pod to itself (T4), and
   * of a node to its own pods (T5).
   *
   * @throws IllegalArgumentException when the question is about too much
   */
  public List<Row> rows(Snapshot snapshot) {
    var census = Census.of(snapshot, level);
    var rows = new RowCollector(census.sizes());
    var asked = new ArrayList<IpRange>(from.networks());
    asked.addAll(to.networks());
    for (var family : Family.values()) {
      var space = new PeerSpace(family, List.of(snapshot), asked);
      var engine = new Reachability(space, snapshot);
      add(space, new FamilyRows(space, engine, engine, this::allowed, census, from, to, rows));
    }
    return rows.rows();
  }

  private List<Happening> allowed(List<Part> now, List<Part> before) {
    var allowed = Reachability.allowed(now).and(ports);
    return allowed.isEmpty()
        ? List.of()
        : List.of(new Happening(Effect.ALLOWED, allowed, now, List.of()));
  }

  private static void add(PeerSpace space, FamilyRows flows) {
    var sources = space.classes().stream().filter(flows::isSource).toList();
    var destinations = space.classes().stream().filter(flows::isDestination).toList();
    if ((long) sources.size() * destinations.size() > MAX_PAIRS) {
      throw new IllegalArgumentException(
          "%d kinds of sources and %d kinds of destinations are too many to list: ask about fewer"
              .formatted(sources.size(), destinations.size()));
    }
    for (var source : sources) {
      destinations.forEach(destination -> flows.add(source, destination));
      flows.addOwn(source);
    }
    flows.finish();
  }
}
