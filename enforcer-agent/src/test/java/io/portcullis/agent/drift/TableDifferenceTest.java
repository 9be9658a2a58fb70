package io.portcullis.agent.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.agent.program.Tables;
import io.portcullis.nft.CutMark;
import io.portcullis.nft.GuardLease;
import io.portcullis.nft.LocalSets;
import io.portcullis.nft.NftDump;
import io.portcullis.nft.NftDump.Unexpected;
import io.portcullis.nft.RetiredCounters;
import io.portcullis.nft.Stamp;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.RandomRuleSets;
import io.portcullis.ruleset.RuleSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class TableDifferenceTest {
  private static final Stamp STAMP =
      new Stamp(1, "AbcdefghijklmnopqrstuQ", RuleSet.EMPTY.digest().hex(), 1);

  @Property(tries = 100)
  void eachKeyThatDiffersIsToldOnce(@ForAll long seed) {
    var random = new Random(seed);
    var rules = RandomRuleSets.next(random);
    var actual = RandomRuleSets.next(random);
    var difference = TableDifference.between(rules, Tables.holding(STAMP), dump(actual, List.of()));
    var added = actual.records().keySet().stream().filter(key -> !rules.records().containsKey(key));
    var missing =
        rules.records().keySet().stream().filter(key -> !actual.records().containsKey(key));
    var changed =
        rules.records().values().stream()
            .filter(item -> actual.records().containsKey(item.key()))
            .filter(item -> !canonical(actual, item.key()).equals(item.canonical()));
    assertThat(difference.added().count()).isEqualTo(added.count());
    assertThat(difference.missing().count()).isEqualTo(missing.count());
    assertThat(difference.changed().count()).isEqualTo(changed.count());
    assertThat(difference.missing().first()).allMatch(key -> !actual.records().containsKey(key));
  }

  private static String canonical(RuleSet rules, String key) {
    return rules.records().get(key).canonical();
  }

  @Test
  void recordsWithoutTheirInformativePartsAreTheSame() {
    var rules = RandomRuleSets.next(new Random(1));
    var bare =
        RuleSet.of(
            rules.records().values().stream()
                .map(
                    item ->
                        item
                                instanceof
                                NodeRecord.Endpoint(var ip, _, var in, var out, var toOwnNode)
                            ? new NodeRecord.Endpoint(ip, "", in, out, toOwnNode)
                            : item)
                .toList());
    var difference = TableDifference.between(rules, Tables.holding(STAMP), dump(bare, List.of()));
    assertThat(difference.changed().count()).isZero();
  }

  @Test
  void aliensASwapTableAndALostStampAreTold() {
    var alien = new Unexpected("chain/x", "drop");
    var dump =
        new NftDump(
            RuleSet.EMPTY,
            List.of(alien),
            new TreeMap<>(),
            Optional.empty(),
            LocalSets.EMPTY,
            RetiredCounters.EMPTY,
            GuardLease.NONE,
            CutMark.DEFAULT,
            new TreeSet<>());
    var tables = new Tables(Optional.of(Tables.Live.UNREADABLE), true);
    var difference = TableDifference.between(RuleSet.EMPTY, tables, Optional.of(dump));
    assertThat(difference.aliens().first())
        .extracting(Unexpected::key)
        .containsExactly("chain/x", "chain/stamp", "table/portcullis_swap");
  }

  @Test
  void aTableThatIsGoneOrCannotBeReadIsOneThing() {
    var rules = RandomRuleSets.next(new Random(1));
    assertThat(TableDifference.between(rules, Tables.NONE, Optional.empty()).table())
        .isEqualTo(TableDifference.Table.MISSING);
    var unreadable = new Tables(Optional.of(Tables.Live.UNREADABLE), false);
    assertThat(TableDifference.between(rules, unreadable, Optional.empty()).table())
        .isEqualTo(TableDifference.Table.UNREADABLE);
  }

  @Test
  void ofManyTheFirstAreTold() {
    var aliens = java.util.stream.IntStream.range(0, 70).mapToObj(i -> new Unexpected("x" + i, ""));
    var difference =
        TableDifference.between(
            RuleSet.EMPTY, Tables.holding(STAMP), dump(RuleSet.EMPTY, aliens.toList()));
    assertThat(difference.aliens().count()).isEqualTo(70);
    assertThat(difference.aliens().first()).hasSize(50);
  }

  private static Optional<NftDump> dump(RuleSet rules, List<Unexpected> aliens) {
    return Optional.of(
        new NftDump(
            rules,
            aliens,
            new TreeMap<>(),
            Optional.of(STAMP),
            LocalSets.EMPTY,
            RetiredCounters.EMPTY,
            GuardLease.NONE,
            CutMark.DEFAULT,
            new TreeSet<>()));
  }
}
