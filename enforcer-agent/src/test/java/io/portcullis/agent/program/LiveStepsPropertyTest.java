package io.portcullis.agent.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.agent.program.ModelTable.Fate;
import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.nft.Edit;
import io.portcullis.nft.Rejudging;
import io.portcullis.nft.Stamp;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;
import io.portcullis.ruleset.TrafficPath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** C2: a change in steps, with packets of live connections under way at each transaction. */
class LiveStepsPropertyTest {
  private static final Stamp STAMP = new Stamp(2, "A".repeat(22), "0".repeat(64), 7);
  private static final List<List<TrafficPath>> HOOKS =
      List.of(List.of(TrafficPath.EGRESS, TrafficPath.INGRESS), List.of(TrafficPath.TO_OWN_NODE));

  @Property(tries = 1000, maxDiscardRatio = 20)
  void liveConnectionsAreCutAtOnceAndNoOtherIs(@ForAll Random random) {
    var world = new DenseRuleSets(random);
    var before = world.next();
    var after = world.next();
    var live = live(before, random);
    var found = Steps.between(before, after, RuleSetChange.between(before, after), STAMP, live);
    Assume.that(found.isPresent());
    var next = live.after(found.get().narrowed(), after);
    var tables = tables(before, live, found.get());
    assertThat(tables.getLast().twins.are(new Rejudging(next.narrowed(), after))).isTrue();
    for (var ways : HOOKS) {
      for (var flow : DenseRuleSets.flows()) {
        if (hasItsEnds(flow, before, after)) {
          new Connection(flow, ways, tables, live, next).check(before);
        }
      }
    }
  }

  /** What a look or an earlier version left: nothing, what is cut, or some narrowed endpoints. */
  private static LiveState live(RuleSet before, Random random) {
    var cut = new HashSet<IpAddress>();
    for (var ways : HOOKS) {
      for (var flow : DenseRuleSets.flows()) {
        if (!passes(ModelTable.of(before), flow, ways)) {
          cut.addAll(List.of(flow.source(), flow.destination()));
        }
      }
    }
    cut.removeIf(ip -> before.endpoint(ip).isEmpty());
    var narrowed = new TreeSet<IpAddress>();
    if (random.nextBoolean()) {
      LiveState.endpoints(before).stream().filter(_ -> random.nextBoolean()).forEach(narrowed::add);
    }
    if (narrowed.isEmpty()) {
      return new LiveState(narrowed, random.nextBoolean() ? Optional.of(cut) : Optional.empty());
    }
    return new LiveState(narrowed, Optional.of(Set.of())); // the rest has nothing cut
  }

  /** Connections of an address that is no endpoint any more are forgotten (C3). */
  private static boolean hasItsEnds(Flow flow, RuleSet before, RuleSet after) {
    return List.of(flow.source(), flow.destination()).stream()
        .noneMatch(ip -> before.endpoint(ip).isPresent() && after.endpoint(ip).isEmpty());
  }

  private static List<ModelTable> tables(RuleSet before, LiveState live, Steps.Found found) {
    var nothing = new Rejudging(new TreeSet<>(), before);
    List<Edit> narrowing =
        RejudgeEdits.between(nothing, new Rejudging(live.narrowed(), before)).atOnce();
    var tables = new ArrayList<>(List.of(ModelTable.of(before).after(narrowing)));
    found.edits().values().forEach(edits -> tables.add(tables.getLast().after(edits)));
    return tables;
  }

  private static boolean passes(ModelTable table, Flow flow, List<TrafficPath> ways) {
    return table.passes(flow, ways, () -> table);
  }

  /** A live connection whose packets meet the tables one after another, and switches between. */
  private record Connection(
      Flow flow, List<TrafficPath> ways, List<ModelTable> tables, LiveState live, LiveState next) {

    void check(RuleSet before) {
      var old = passes(tables.getFirst(), flow, ways);
      for (var cut : marks(before, old)) {
        follow(old, passes(tables.getLast(), flow, ways), cut);
      }
    }

    private boolean isOf(Set<IpAddress> narrowed) {
      return narrowed.contains(flow.source())
          || ways.size() > 1 && narrowed.contains(flow.destination());
    }

    /** The marks that it may have; of an end that is not narrowed all connections are settled. */
    private List<Boolean> marks(RuleSet before, boolean old) {
      if (live.narrowed().isEmpty()) {
        return List.of(!old);
      }
      if (!isOf(live.narrowed())) {
        return old ? List.of(false) : List.of();
      }
      return isDeniedByOther() ? List.of() : List.of(false, true);
    }

    private boolean isDeniedByOther() {
      return ways.stream()
          .filter(way -> !live.narrowed().contains(way.direction().subject(flow)))
          .anyMatch(way -> !passes(tables.getFirst(), flow, List.of(way)));
    }

    private void follow(boolean old, boolean now, boolean begin) {
      var marks = new HashSet<>(Set.of(begin));
      for (var i = 0; i < tables.size(); i++) {
        for (var cut : List.copyOf(marks)) {
          var steady = steady(i, cut);
          check(old, now, isJudgedByTheNew(i), cut, steady, i);
          marks.add(steady.cut());
          for (var fate : underWay(i, cut)) {
            check(old, now, isJudgedByTheNew(i - 1), cut, fate, i);
            marks.add(fate.cut());
          }
        }
      }
      for (var cut : marks) {
        var fate = tables.getLast().live(flow, ways, cut, tables::getLast);
        assertThat(fate.passes()).as("%s at last, cut %s", flow, cut).isEqualTo(now);
        assertThat(fate.cut()).as("%s at last", flow).isEqualTo(!now);
      }
    }

    private boolean isJudgedByTheNew(int table) {
      return isOf(next.narrowed())
          && tables.get(table).twins.entries.equals(tables.getLast().twins.entries)
          && tables.get(table).twins.narrowed.equals(tables.getLast().twins.narrowed)
          && !tables.get(table).twins.paused
          && !tables.getFirst().twins.entries.equals(tables.getLast().twins.entries);
    }

    private void check(boolean old, boolean now, boolean isNew, boolean cut, Fate fate, int table) {
      var what = "%s %s table %d, cut %s".formatted(flow, ways, table, cut);
      if (!old && !now) {
        assertThat(fate.passes()).as(what).isFalse();
      }
      if (isNew && !now) {
        assertThat(fate.passes()).as(what).isFalse();
      }
      if (old && now && !cut) {
        assertThat(fate.cut()).as(what).isFalse();
        assertThat(fate.passes() || !live.narrowed().isEmpty()).as(what).isTrue();
      }
    }

    private Fate steady(int table, boolean cut) {
      var now = tables.get(table);
      return now.live(flow, ways, cut, () -> now);
    }

    /** What becomes of packets that meet the table before at first. */
    private List<Fate> underWay(int table, boolean cut) {
      var fates = new ArrayList<Fate>();
      if (table == 0) {
        return fates;
      }
      for (var lookUps = 0; ; lookUps++) {
        var underWay = new UnderWay(tables.get(table - 1), tables.get(table), lookUps);
        fates.add(tables.get(table - 1).live(flow, ways, cut, underWay));
        if (!underWay.switched()) {
          return fates;
        }
      }
    }
  }
}
