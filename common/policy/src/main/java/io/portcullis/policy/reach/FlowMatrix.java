package io.portcullis.policy.reach;

import io.portcullis.policy.rules.PodChains;
import io.portcullis.ruleset.TrafficPath;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.roaringbitmap.RoaringBitmap;

/**
 * On which ports classes reach one another in two states, column by column: a column holds all
 * sources of some destinations that are alike. Pairs are never looked at one by one.
 *
 * <pre>
 *   chains for egress  ──▶ destinations by ports ──▶ what most destinations get, and exceptions
 *   chains for ingress ──▶ sources by ports ────────▶ × ──▶ column
 * </pre>
 */
final class FlowMatrix {
  private final Reachability before;
  private final Reachability now;
  private final Sameness same;
  private final PortSet asked;
  private final RoaringBitmap sources;
  private final RoaringBitmap destinations;

  /** Classes that have the same chains in each state, and their peers by the ports. */
  private record Ends(RoaringBitmap classes, Map<PortChange, RoaringBitmap> peers) {}

  private record Chains(Optional<PodChains> before, Optional<PodChains> now) {}

  /** A destination that some sources may send to on other ports than to most destinations. */
  private record Special(Ends senders, PortChange ports) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Special that && senders == that.senders && ports.equals(that.ports);
    }

    @Override
    public int hashCode() {
      return 31 * System.identityHashCode(senders) + ports.hashCode();
    }
  }

  /** Takes columns: the sources of some destinations that are alike, by ports. */
  interface Use {
    void column(RoaringBitmap destinations, Map<PortChange, RoaringBitmap> sources);
  }

  /**
   * @param asked the ports that are asked about
   */
  FlowMatrix(
      Reachability before,
      Reachability now,
      PortSet asked,
      RoaringBitmap sources,
      RoaringBitmap destinations) {
    this.before = before;
    this.now = now;
    this.same = new Sameness(before.snapshot(), now.snapshot());
    this.asked = asked;
    this.sources = sources;
    this.destinations = destinations;
  }

  /**
   * Uses every column.
   *
   * @param wanted tells which ports are of interest; other sources are left out
   */
  void forEach(Predicate<PortChange> wanted, Use use) {
    var usual = new HashMap<PortChange, RoaringBitmap>();
    var exceptions = new HashMap<Integer, List<Special>>();
    for (var senders : ends(sources, TrafficPath.EGRESS, destinations)) {
      var most =
          senders.peers().entrySet().stream()
              .max(Comparator.comparingInt(entry -> entry.getValue().getCardinality()));
      most.ifPresent(entry -> add(usual, entry.getKey(), senders.classes()));
      senders.peers().entrySet().stream()
          .filter(entry -> !entry.equals(most.get()))
          .forEach(
              entry -> {
                var exception = new Special(senders, entry.getKey());
                for (int destination : entry.getValue()) {
                  exceptions.computeIfAbsent(destination, _ -> new ArrayList<>()).add(exception);
                }
              });
    }
    for (var receivers : ends(destinations, TrafficPath.INGRESS, sources)) {
      var column = both(receivers.peers(), usual, wanted);
      alike(receivers.classes(), exceptions)
          .forEach(
              (except, classes) ->
                  use.column(classes, corrected(column, receivers, except, wanted)));
    }
  }

  /** Returns destinations by the sources that are an exception for them. */
  private static Map<List<Special>, RoaringBitmap> alike(
      RoaringBitmap classes, Map<Integer, List<Special>> exceptions) {
    var alike = new LinkedHashMap<List<Special>, RoaringBitmap>();
    for (int number : classes) {
      alike
          .computeIfAbsent(exceptions.getOrDefault(number, List.of()), _ -> new RoaringBitmap())
          .add(number);
    }
    return alike;
  }

  private static Map<PortChange, RoaringBitmap> corrected(
      Map<PortChange, RoaringBitmap> column,
      Ends receivers,
      List<Special> exceptions,
      Predicate<PortChange> wanted) {
    if (exceptions.isEmpty()) {
      return column;
    }
    var other = new RoaringBitmap();
    var instead = new HashMap<PortChange, RoaringBitmap>();
    for (var exception : exceptions) {
      other.or(exception.senders().classes());
      add(instead, exception.ports(), exception.senders().classes());
    }
    var result = both(receivers.peers(), instead, wanted);
    column.forEach((ports, from) -> add(result, ports, RoaringBitmap.andNot(from, other)));
    return result;
  }

  /** Returns what both ends allow. */
  private static Map<PortChange, RoaringBitmap> both(
      Map<PortChange, RoaringBitmap> ingress,
      Map<PortChange, RoaringBitmap> egress,
      Predicate<PortChange> wanted) {
    var result = new HashMap<PortChange, RoaringBitmap>();
    ingress.forEach(
        (in, admitted) ->
            egress.forEach(
                (out, sending) -> {
                  var ports = in.and(out);
                  if (wanted.test(ports)) {
                    add(result, ports, RoaringBitmap.and(admitted, sending));
                  }
                }));
    return result;
  }

  private static void add(
      Map<PortChange, RoaringBitmap> to, PortChange ports, RoaringBitmap classes) {
    if (!classes.isEmpty()) {
      to.computeIfAbsent(ports, _ -> new RoaringBitmap()).or(classes);
    }
  }

  /** Returns these classes by their chains, each with what the chains decide for the peers. */
  private Collection<Ends> ends(RoaringBitmap classes, TrafficPath path, RoaringBitmap peers) {
    var byChains = new LinkedHashMap<Chains, RoaringBitmap>();
    for (int number : classes) {
      var address = now.space().classes().get(number).first();
      byChains
          .computeIfAbsent(
              new Chains(before.snapshot().chains(address), now.snapshot().chains(address)),
              _ -> new RoaringBitmap())
          .add(number);
    }
    var ends = new ArrayList<Ends>(byChains.size());
    byChains.forEach((chains, all) -> ends.add(new Ends(all, peers(chains, all, path, peers))));
    return ends;
  }

  private Map<PortChange, RoaringBitmap> peers(
      Chains chains, RoaringBitmap classes, TrafficPath path, RoaringBitmap peers) {
    var address = now.space().classes().get(classes.first()).first();
    var young = byPorts(now, chains.now(), path, peers);
    var changes = new LinkedHashMap<PortChange, RoaringBitmap>();
    if (same.isSame(address)) {
      young.forEach((ports, of) -> changes.put(PortChange.unchanged(ports), of));
      return changes;
    }
    byPorts(before, chains.before(), path, peers)
        .forEach(
            (was, some) ->
                young.forEach(
                    (is, others) ->
                        add(changes, new PortChange(was, is), RoaringBitmap.and(some, others))));
    return changes;
  }

  /** Returns each of these peers under the ports on which chains allow it. */
  private Map<PortSet, RoaringBitmap> byPorts(
      Reachability engine, Optional<PodChains> chains, TrafficPath path, RoaringBitmap peers) {
    Map<PortSet, RoaringBitmap> groups = Map.of(PortSet.NOTHING, peers);
    for (var slot : engine.verdicts(chains, path, peers).slots()) {
      var ports = PortSet.between(slot.from(), slot.end()).and(asked);
      if (!ports.isEmpty()) {
        groups = split(groups, ports, slot.allowed());
      }
    }
    return groups;
  }

  private static Map<PortSet, RoaringBitmap> split(
      Map<PortSet, RoaringBitmap> groups, PortSet ports, RoaringBitmap allowed) {
    var result = new LinkedHashMap<PortSet, RoaringBitmap>();
    groups.forEach(
        (also, peers) -> {
          var inside = RoaringBitmap.and(peers, allowed);
          if (!inside.isEmpty()) {
            result.put(also.or(ports), inside);
          }
          var rest = RoaringBitmap.andNot(peers, allowed);
          if (!rest.isEmpty()) {
            result.put(also, rest);
          }
        });
    return result;
  }
}
