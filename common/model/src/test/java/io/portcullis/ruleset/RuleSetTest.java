package io.portcullis.ruleset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Rule sets that are made from others equal those that are made from scratch. */
class RuleSetTest {

  @Property(tries = 500)
  void aRuleSetAfterAChangeIsTheOneFromScratch(@ForAll Random random) {
    var before = RandomRuleSets.ofAnyNode(random);
    var after = near(before, random);
    for (var asked : new boolean[] {false, true}) {
      if (asked) {
        before.digest();
      }
      var changed = RuleSetChange.between(before, after).applyTo(before);
      assertThat(changed).isEqualTo(after);
      assertThat(changed.records()).isEqualTo(after.records());
      assertThat(changed.size()).isEqualTo(after.records().size());
      assertThat(changed.digest()).isEqualTo(after.digest());
      assertThat(DanglingReferences.of(changed)).hasSameElementsAs(DanglingReferences.of(after));
    }
    assertThat(RuleSetChange.between(after, after).isEmpty()).isTrue();
  }

  @Property(tries = 200)
  void aChangeComesKeyByKey(@ForAll Random random) {
    var before = RandomRuleSets.ofAnyNode(random);
    var after = near(before, random);
    var draft = new RuleSetChange.Draft(before);
    before.records().keySet().stream().sorted((a, b) -> b.compareTo(a)).forEach(draft::remove);
    after.records().values().forEach(draft::put);
    draft.remove("set/none/none");
    before.digest();
    var changed = draft.done().applyTo(before);
    assertThat(changed).isEqualTo(after);
    assertThat(changed.digest()).isEqualTo(after.digest());
  }

  @Property(tries = 200)
  void aRecordIsFoundByItsKey(@ForAll Random random) {
    var rules = RandomRuleSets.ofAnyNode(random);
    var other = RandomRuleSets.ofAnyNode(random).records().keySet();
    var records = rules.records();
    records.forEach((key, item) -> assertThat(rules.record(key)).contains(item));
    for (var key : other) {
      assertThat(rules.record(key)).isEqualTo(Optional.ofNullable(records.get(key)));
    }
  }

  /** Returns a rule set with some records of this one and some of another. */
  private static RuleSet near(RuleSet rules, Random random) {
    var records = new ArrayList<NodeRecord>();
    rules.records().values().stream().filter(_ -> random.nextInt(4) > 0).forEach(records::add);
    if (random.nextBoolean()) {
      records.addAll(RandomRuleSets.ofAnyNode(random).records().values());
    }
    return RuleSet.of(records);
  }
}
