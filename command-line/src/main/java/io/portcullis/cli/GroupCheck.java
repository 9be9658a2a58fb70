package io.portcullis.cli;

import io.portcullis.policy.reach.Party;
import io.portcullis.policy.reach.PortSet;
import io.portcullis.policy.reach.Row.End;
import io.portcullis.policy.reach.RowGroup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * Holds groups of flows against expectations. Parties of a group that the same expectations name
 * are looked at together, so that pairs are not looked at one by one.
 */
final class GroupCheck {
  private final List<Expectation> expected;

  /** A flow between two parties of a group. */
  private record Pair(Party source, Party destination) {}

  GroupCheck(List<Expectation> expected) {
    this.expected = expected;
  }

  /** Returns one line for each kind of thing that differs from what is expected. */
  List<String> unmet(List<RowGroup> groups) {
    var unmet = new ArrayList<String>();
    var done = new LinkedHashMap<Expectation, PortSet>();
    expected.forEach(one -> done.put(one, PortSet.NOTHING));
    for (var group : groups) {
      var sources = named(group, group.sources().all(), Expectation::isSource);
      var destinations = named(group, group.destinations().all(), Expectation::isDestination);
      sources.forEach(
          (ofSource, some) ->
              destinations.forEach(
                  (ofDestination, others) -> {
                    var pair = pair(group, some, others);
                    if (pair.isPresent()) {
                      var both = new ArrayList<>(ofSource);
                      both.retainAll(ofDestination);
                      both.forEach(one -> done.merge(one, group.ports(), PortSet::or));
                      var more = more(group, both);
                      if (!more.isEmpty()) {
                        unmet.add(
                            line(group, pair.get(), more, (long) some.size() * others.size()));
                      }
                    }
                  }));
    }
    done.forEach(
        (one, ports) -> {
          var missing = one.ports().minus(ports);
          if (!missing.isEmpty()) {
            unmet.add(one.notDone(missing));
          }
        });
    return unmet;
  }

  /** Returns the parties of a side by the expectations that name them. */
  private Map<List<Expectation>, List<Party>> named(
      RowGroup group, List<End> side, BiPredicate<Expectation, Party> names) {
    var named = new LinkedHashMap<List<Expectation>, List<Party>>();
    for (var end : side) {
      named
          .computeIfAbsent(
              expected.stream()
                  .filter(one -> one.isEffect(group.effect()) && names.test(one, end.party()))
                  .toList(),
              _ -> new ArrayList<>())
          .add(end.party());
    }
    return named;
  }

  /** Returns the first two of these parties between which there is a flow of the group. */
  private static Optional<Pair> pair(RowGroup group, List<Party> sources, List<Party> others) {
    for (var source : sources) {
      for (var destination : others) {
        if (group.has(source, destination)) {
          return Optional.of(new Pair(source, destination));
        }
      }
    }
    return Optional.empty();
  }

  private static PortSet more(RowGroup group, List<Expectation> named) {
    return group.ports().minus(Expectation.ports(named));
  }

  private static String line(RowGroup group, Pair pair, PortSet ports, long pairs) {
    return "not expected: "
        + Expectation.line(group.effect(), pair.source(), pair.destination(), ports)
        + (pairs > 1 ? ", and others like it" : "");
  }
}
