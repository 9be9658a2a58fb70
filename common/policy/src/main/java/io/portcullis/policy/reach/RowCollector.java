package io.portcullis.policy.reach;

import io.portcullis.net.Family;
import io.portcullis.policy.reach.Row.Effect;
import io.portcullis.policy.reach.Row.End;
import io.portcullis.policy.reach.Row.Reasons;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Collects flows to rows: one for each two parties, effect and set of ports. */
final class RowCollector {
  private final Map<Key, Collected> rows = new TreeMap<>();

  private record Key(Effect effect, Party source, Party destination, PortSet ports)
      implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      var byEffect = effect.compareTo(other.effect);
      var bySource = byEffect != 0 ? byEffect : source.compareTo(other.source);
      var byEnds = bySource != 0 ? bySource : destination.compareTo(other.destination);
      return byEnds != 0 ? byEnds : ports.compareTo(other.ports);
    }
  }

  /** Some members of a party, by their names. */
  record Side(Party party, Collection<String> members) {}

  /** What happens on some ports, and the parts of all ports from which it follows. */
  record Happening(Effect effect, PortSet ports, List<Part> now, List<Part> before) {

    /** Returns what is opened and what is closed. */
    static List<Happening> between(List<Part> now, List<Part> before) {
      var allowed = Reachability.allowed(now);
      var was = Reachability.allowed(before);
      var opened = new Happening(Effect.OPENED, allowed.minus(was), now, before);
      var closed = new Happening(Effect.CLOSED, was.minus(allowed), now, before);
      return Stream.of(opened, closed).filter(one -> !one.ports().isEmpty()).toList();
    }
  }

  private static final class Collected {
    final Set<String> sources = new HashSet<>();
    final Set<String> destinations = new HashSet<>();
    final EnumSet<Family> families = EnumSet.noneOf(Family.class);
    final Deciders now = new Deciders();
    final Deciders before = new Deciders();
  }

  /** What decides at each end, as far as it says something. */
  private static final class Deciders {
    final SortedSet<Decider> egress = new TreeSet<>();
    final SortedSet<Decider> ingress = new TreeSet<>();

    void add(Part part) {
      // where one end denies, what the other end would allow explains nothing
      if (part.allowed() || !part.egress().allows()) {
        egress.add(part.egress());
      }
      if (part.allowed() || !part.ingress().allows()) {
        ingress.add(part.ingress());
      }
    }

    Reasons reasons() {
      return new Reasons(List.copyOf(egress), List.copyOf(ingress));
    }
  }

  void add(Family family, Side source, Side destination, Happening happening) {
    var key = new Key(happening.effect(), source.party(), destination.party(), happening.ports());
    var row = rows.computeIfAbsent(key, _ -> new Collected());
    row.sources.addAll(source.members());
    row.destinations.addAll(destination.members());
    row.families.add(family);
    add(happening.now(), happening.ports(), row.now);
    add(happening.before(), happening.ports(), row.before);
  }

  private static void add(List<Part> parts, PortSet ports, Deciders to) {
    parts.stream().filter(part -> !part.ports().and(ports).isEmpty()).forEach(to::add);
  }

  /**
   * Returns the rows in order.
   *
   * @param sizes tells how many members each party has
   */
  List<Row> rows(Supplier<Map<Party, Integer>> sizes) {
    if (rows.isEmpty()) {
      return List.of();
    }
    var all = sizes.get();
    return rows.entrySet().stream()
        .map(
            entry ->
                new Row(
                    entry.getKey().effect(),
                    end(entry.getKey().source(), entry.getValue().sources, all),
                    end(entry.getKey().destination(), entry.getValue().destinations, all),
                    Set.copyOf(entry.getValue().families),
                    entry.getKey().ports(),
                    entry.getValue().now.reasons(),
                    entry.getValue().before.reasons()))
        .toList();
  }

  private static End end(Party party, Set<String> members, Map<Party, Integer> sizes) {
    return new End(party, members.size(), sizes.getOrDefault(party, members.size()));
  }
}
