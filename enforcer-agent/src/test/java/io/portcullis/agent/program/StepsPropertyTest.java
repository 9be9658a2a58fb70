package io.portcullis.agent.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.net.PortRange;
import io.portcullis.net.Protocol;
import io.portcullis.nft.Edit;
import io.portcullis.nft.Stamp;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.Element;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecord.AddressSet;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.NodeRecord.Member;
import io.portcullis.ruleset.Ports;
import io.portcullis.ruleset.RandomRuleSets;
import io.portcullis.ruleset.Rule;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;
import io.portcullis.ruleset.SetId;
import io.portcullis.ruleset.SetKind;
import io.portcullis.ruleset.TrafficPath;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** A change in steps, with packets under way at each of its transactions. */
class StepsPropertyTest {
  private static final Stamp STAMP = new Stamp(2, "A".repeat(22), "0".repeat(64), 7);
  private static final List<List<TrafficPath>> HOOKS =
      List.of(List.of(TrafficPath.EGRESS, TrafficPath.INGRESS), List.of(TrafficPath.TO_OWN_NODE));

  @Property(tries = 1000, maxDiscardRatio = 20)
  void noPacketPassesThatNeitherVersionLetsPass(@ForAll Random random) {
    var world = new DenseRuleSets(random);
    var before = world.next();
    var after = world.next();
    var steps =
        Steps.between(before, after, RuleSetChange.between(before, after), STAMP, LiveState.NONE);
    Assume.that(steps.isPresent());
    var tables = tables(before, steps.get().edits().values());
    assertThat(tables.getLast().holds(after)).isTrue();
    for (var flow : DenseRuleSets.flows()) {
      for (var ways : HOOKS) {
        if (!passes(tables.getFirst(), flow, ways) && !passes(tables.getLast(), flow, ways)) {
          neverPasses(tables, flow, ways);
        }
      }
    }
  }

  private static List<ModelTable> tables(RuleSet before, Collection<List<Edit>> steps) {
    var tables = new ArrayList<>(List.of(ModelTable.of(before)));
    steps.forEach(edits -> tables.add(tables.getLast().after(edits)));
    return tables;
  }

  private static boolean passes(ModelTable table, Flow flow, List<TrafficPath> ways) {
    return table.passes(flow, ways, () -> table);
  }

  private static void neverPasses(List<ModelTable> tables, Flow flow, List<TrafficPath> ways) {
    for (var i = 1; i < tables.size(); i++) {
      var old = tables.get(i - 1);
      var next = tables.get(i);
      assertThat(passes(next, flow, ways)).isFalse();
      for (var lookUps = 0; ; lookUps++) {
        var underWay = new UnderWay(old, next, lookUps);
        assertThat(old.passes(flow, ways, underWay))
            .as("%s, transaction %d comes after %d look-ups", flow, i, lookUps)
            .isFalse();
        if (!underWay.switched()) {
          break;
        }
      }
    }
  }

  @Property(tries = 300)
  void whoMovesBetweenSetsOfOneDirectionLosesNothingAndGainsNothing(
      @ForAll Random random, @ForAll Direction direction) {
    var sets = Stream.of("a", "b", "c").map(d -> SetId.of(SetKind.HOSTS, Family.V4, d)).toList();
    var rules = new ArrayList<Rule>();
    for (var i = 0; i < sets.size(); i++) {
      var port = PortRange.of(Protocol.TCP, List.of(80, 81, 443).get(random.nextInt(3)));
      var ports = Ports.of(List.of(port));
      var action = random.nextInt(3) > 0 ? Action.ACCEPT : Action.DENY;
      rules.add(new Rule(Optional.of(sets.get(i)), ports, action, List.of()));
    }
    var chain = Chain.of(direction, Family.V4, rules, Action.DENY);
    var before = members(sets, chain, random);
    var after = members(sets, chain, random);
    var steps =
        Steps.between(before, after, RuleSetChange.between(before, after), STAMP, LiveState.NONE)
            .orElseThrow();
    var tables = tables(before, steps.edits().values());
    assertThat(tables.getLast().holds(after)).isTrue();
    var acceptsOnly = rules.stream().allMatch(rule -> rule.action().equals(Action.ACCEPT));
    for (var flow : DenseRuleSets.flows()) {
      var old = passes(tables.getFirst(), flow, HOOKS.getFirst());
      var next = passes(tables.getLast(), flow, HOOKS.getFirst());
      if (!old && !next) {
        neverPasses(tables, flow, HOOKS.getFirst());
      }
      if (acceptsOnly && old && next) {
        tables.forEach(t -> assertThat(passes(t, flow, HOOKS.getFirst())).isTrue());
      }
    }
  }

  private static RuleSet members(List<SetId> sets, Chain chain, Random random) {
    var ip = IpAddress.parse("10.244.0.1");
    var id = Optional.of(chain.id());
    var records = new ArrayList<NodeRecord>(List.of(chain));
    records.add(
        switch (chain.id().direction()) {
          case INGRESS -> new Endpoint(ip, "", id, Optional.empty(), Optional.empty());
          case EGRESS -> new Endpoint(ip, "", Optional.empty(), id, Optional.empty());
        });
    for (var set : sets) {
      records.add(new AddressSet(set, ""));
      for (var i = 0; i < 4; i++) {
        if (random.nextBoolean()) {
          records.add(new Member(set, new Element.Host(IpAddress.parse("10.244.0." + i))));
        }
      }
    }
    return RuleSet.of(records);
  }

  @Example
  void nothingToDoIsOneStamp() {
    var rules = RandomRuleSets.next(new Random(3));
    var steps =
        Steps.between(rules, rules, RuleSetChange.between(rules, rules), STAMP, LiveState.NONE);
    assertThat(steps.orElseThrow().edits().keySet()).containsExactly(StepName.STAMP);
  }
}
