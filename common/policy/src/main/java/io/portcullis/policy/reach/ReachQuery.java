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
    var census = new Census(level, snapshot);
    var rows = new RowCollector();
    var asked = new ArrayList<IpRange>(from.networks());
    asked.addAll(to.networks());
    for (var family : Family.values()) {
      add(new PeerSpace(family, List.of(snapshot), asked), snapshot, census, rows);
    }
    return rows.rows(census::sizes);
  }

  private void add(PeerSpace space, Snapshot snapshot, Census census, RowCollector rows) {
    var sources = new Parties(census, from);
    var destinations = new Parties(census, to);
    var sending = sources.classes(space);
    var receiving = destinations.classes(space);
    if (sending.getLongCardinality() * receiving.getLongCardinality() > MAX_PAIRS) {
      throw new IllegalArgumentException(
          "%d kinds of sources and %d kinds of destinations are too many to list: ask about fewer"
              .formatted(sending.getCardinality(), receiving.getCardinality()));
    }
    var engine = new Reachability(space, snapshot, sending, receiving);
    var flows = new FamilyRows(space, engine, engine, this::allowed, sources, destinations, rows);
    var classes = space.classes();
    for (int source : sending) {
      for (int destination : receiving) {
        flows.add(classes.get(source), classes.get(destination));
      }
      flows.addOwn(classes.get(source));
    }
    flows.finish();
  }

  private List<Happening> allowed(List<Part> now, List<Part> before) {
    var allowed = Reachability.allowed(now).and(ports);
    return allowed.isEmpty()
        ? List.of()
        : List.of(new Happening(Effect.ALLOWED, allowed, now, List.of()));
  }
}
