package io.portcullis.policy.reach;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.net.Family;
import io.portcullis.net.Flow;
import io.portcullis.oracle.Oracle;
import io.portcullis.policy.reach.ComparisonTest.Change;
import io.portcullis.policy.reach.Row.Effect;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What random changes open and close, told of many parties together, against the oracle. */
class RowGroupsOracleTest {
  private static final int CHANGES = Integer.getInteger("portcullis.reach.changes", 100);

  /** So many pairs may be listed one by one: none. */
  private static final long NONE = -1;

  private static List<RowGroup> groups(Level level, Change change) {
    var answer =
        new ChangeQuery(level)
            .answer(change.snapshot(change.before()), change.snapshot(change.after()), NONE);
    return ((ChangeAnswer.Groups) answer).groups();
  }

  @Test
  void groupsByPodSayWhatIsOpenedAndClosed() {
    for (var seed = 1L; seed <= CHANGES; seed++) {
      var change = Change.of(seed);
      var groups = groups(Level.POD, change);
      var was = new Oracle(change.before(), Set.of());
      var is = new Oracle(change.after(), Set.of());
      var pods = change.snapshot(change.before()).pods();
      for (var from : pods.entrySet()) {
        for (var to : pods.entrySet()) {
          var family = from.getKey().family();
          var source = new Party.Pods(Level.POD.name(from.getValue()));
          var destination = new Party.Pods(Level.POD.name(to.getValue()));
          if (family == to.getKey().family() && !source.equals(destination)) {
            var opened = ports(groups, Effect.OPENED, family, source, destination);
            var closed = ports(groups, Effect.CLOSED, family, source, destination);
            for (var port : ReachabilityOracleTest.ports(opened.or(closed))) {
              var flow = new Flow(from.getKey(), to.getKey(), port);
              assertThat(opened.contains(port))
                  .as("change %d opens %s", seed, flow)
                  .isEqualTo(is.allowed(flow) && !was.allowed(flow));
              assertThat(closed.contains(port))
                  .as("change %d closes %s", seed, flow)
                  .isEqualTo(was.allowed(flow) && !is.allowed(flow));
            }
          }
        }
      }
    }
  }

  @Test
  void groupsSayOfEachTwoPartiesWhatRowsSay() {
    for (var seed = 1L; seed <= CHANGES; seed++) {
      var change = Change.of(seed);
      for (var level : Level.values()) {
        var rows =
            new ChangeQuery(level)
                .rows(change.snapshot(change.before()), change.snapshot(change.after()));
        assertThat(flows(groups(level, change)))
            .as("change %d by %s", seed, level)
            .isEqualTo(flowsOf(rows));
      }
    }
  }

  @Test
  void noPairIsInTwoGroupsOfOneEffectOnTheSamePort() {
    for (var seed = 1L; seed <= CHANGES; seed++) {
      var change = Change.of(seed);
      var seen = new TreeMap<String, PortSet>();
      for (var group : groups(Level.POD, change)) {
        for (var source : group.sources().all()) {
          for (var destination : group.destinations().all()) {
            if (group.has(source.party(), destination.party())
                && source.members() == 1
                && destination.members() == 1) {
              var pair = name(group, source.party(), destination.party());
              var before = seen.getOrDefault(pair, PortSet.NOTHING);
              assertThat(before.and(group.ports()).isEmpty()).as("%d: %s", seed, pair).isTrue();
              seen.put(pair, before.or(group.ports()));
            }
          }
        }
      }
    }
  }

  private static PortSet ports(
      List<RowGroup> groups, Effect effect, Family family, Party source, Party destination) {
    return groups.stream()
        .filter(group -> group.effect() == effect && group.family() == family)
        .filter(group -> has(group.sources(), source) && has(group.destinations(), destination))
        .filter(group -> group.has(source, destination))
        .map(RowGroup::ports)
        .reduce(PortSet.NOTHING, PortSet::or);
  }

  private static boolean has(RowGroup.Side side, Party party) {
    return side.all().stream().anyMatch(end -> end.party().equals(party));
  }

  /** Returns the ports by effect, family and parties. Networks are in other words, so by kind. */
  private static TreeMap<String, PortSet> flows(List<RowGroup> groups) {
    var flows = new TreeMap<String, PortSet>();
    for (var group : groups) {
      for (var source : new TreeSet<>(parties(group.sources()))) {
        for (var destination : parties(group.destinations())) {
          if (group.has(source, destination)) {
            flows.merge(name(group, source, destination), group.ports(), PortSet::or);
          }
        }
      }
    }
    return flows;
  }

  private static List<Party> parties(RowGroup.Side side) {
    return side.all().stream().map(Row.End::party).toList();
  }

  private static String name(RowGroup group, Party source, Party destination) {
    return name(group.effect(), group.family(), source, destination);
  }

  private static TreeMap<String, PortSet> flowsOf(List<Row> rows) {
    var flows = new TreeMap<String, PortSet>();
    for (var row : rows) {
      for (var family : row.families()) {
        flows.merge(
            name(row.effect(), family, row.source().party(), row.destination().party()),
            row.ports(),
            PortSet::or);
      }
    }
    return flows;
  }

  private static String name(Effect effect, Family family, Party source, Party destination) {
    return effect + " " + family + " " + name(source) + " -> " + name(destination);
  }

  private static String name(Party party) {
    return party instanceof Party.Outside ? "outside" : party.text();
  }
}
