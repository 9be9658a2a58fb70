package io.portcullis.agent.enforce;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.agent.state.SavedVersion.Header;
import io.portcullis.agent.status.EnforcedVersion;
import io.portcullis.nft.DumpReader;
import io.portcullis.nft.NftDump;
import io.portcullis.nft.NftRenderer;
import io.portcullis.nft.Stamp;
import io.portcullis.nft.TestNamespace;
import io.portcullis.ruleset.RuleSet;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Each table that may be found, with what the disk may have. */
class StartingPointTest {
  private static final String TOPIC = "AbcdefghijklmnopqrstuQ";
  private static final RuleSet RULES = RuleSet.EMPTY;
  private static final String DIGEST = RULES.digest().hex();
  private static final long PROGRAMMED = 1_000;
  private static final Optional<Header> NOTHING = Optional.empty();
  private static final Optional<Header> TEN = saved(10);
  private static final InheritedTable ABSENT = new InheritedTable.Absent();
  private static final NftDump DUMP = dump();

  private static Optional<Header> saved(long version) {
    return Optional.of(
        new Header(1, "node", "boot", version, TOPIC, "f".repeat(64), PROGRAMMED, new TreeMap<>()));
  }

  private static NftDump dump() {
    try (var namespace = TestNamespace.make()) {
      namespace.load(NftRenderer.replace(RULES, NftRenderer.TABLE, stamp(1, 1)));
      return DumpReader.read(namespace.listing(NftRenderer.TABLE));
    }
  }

  private static Stamp stamp(long version, long micros) {
    return new Stamp(version, TOPIC, DIGEST, micros);
  }

  private static InheritedTable whole(long version, long micros) {
    return new InheritedTable.Whole(
        EnforcedVersion.unconfirmed(RULES, stamp(version, micros)), DUMP);
  }

  private static InheritedTable closed(long version) {
    return new InheritedTable.Closed(EnforcedVersion.closed(RULES, version, TOPIC), DUMP);
  }

  private static InheritedTable damaged(long version) {
    return new InheritedTable.Damaged(Optional.of(stamp(version, 1)), "damaged");
  }

  @Test
  void whereNothingWasSavedTheKernelIsLeftAlone() {
    assertThat(StartingPoint.of(ABSENT, NOTHING, false))
        .isEqualTo(new StartingPoint.Unknown(Optional.empty()));
    assertThat(StartingPoint.of(damaged(3), NOTHING, false))
        .isEqualTo(new StartingPoint.Unknown(Optional.of("damaged")));
    assertThat(StartingPoint.of(whole(3, 1), NOTHING, false))
        .isInstanceOf(StartingPoint.Table.class);
    assertThat(StartingPoint.of(closed(3), NOTHING, false))
        .isInstanceOf(StartingPoint.ClosedTable.class);
  }

  @Test
  void inTheSameBootTheSavedVersionIsLoadedUnlessTheKernelHasItOrANewerOne() {
    var saved = new StartingPoint.Saved(TEN.orElseThrow());
    assertThat(StartingPoint.of(ABSENT, TEN, true)).isEqualTo(saved);
    assertThat(StartingPoint.of(closed(10), TEN, true)).isEqualTo(saved);
    assertThat(StartingPoint.of(damaged(10), TEN, true)).isEqualTo(saved);
    assertThat(StartingPoint.of(whole(9, 1), TEN, true)).isEqualTo(saved);
    assertThat(StartingPoint.of(whole(10, PROGRAMMED), TEN, true))
        .isInstanceOf(StartingPoint.Table.class);
    assertThat(StartingPoint.of(whole(11, 1), TEN, true)).isInstanceOf(StartingPoint.Table.class);
    assertThat(StartingPoint.of(damaged(11), TEN, true)).isInstanceOf(StartingPoint.Unknown.class);
  }

  @Test
  void c3_afterABootNoPodIsKnownButByATableThatWasProgrammedSince() {
    var shut = new StartingPoint.Closed(TEN.orElseThrow());
    assertThat(StartingPoint.of(ABSENT, TEN, false)).isEqualTo(shut);
    assertThat(StartingPoint.of(damaged(10), TEN, false)).isEqualTo(shut);
    assertThat(StartingPoint.of(whole(9, 1), TEN, false)).isEqualTo(shut);
    assertThat(StartingPoint.of(whole(10, PROGRAMMED), TEN, false))
        .as("loaded from a file of before the boot")
        .isEqualTo(shut);
    assertThat(StartingPoint.of(whole(10, PROGRAMMED + 1), TEN, false))
        .as("programmed after the boot, and not saved yet")
        .isInstanceOf(StartingPoint.Table.class);
    assertThat(StartingPoint.of(whole(11, 1), TEN, false)).isInstanceOf(StartingPoint.Table.class);
    assertThat(StartingPoint.of(closed(10), TEN, false))
        .isInstanceOf(StartingPoint.ClosedTable.class);
  }

  @Test
  void theNewestOfKernelAndDiskIsTheFloor() {
    assertThat(StartingPoint.floor(ABSENT, NOTHING)).isEmpty();
    assertThat(StartingPoint.floor(whole(3, 1), NOTHING).orElseThrow().number()).isEqualTo(3);
    assertThat(StartingPoint.floor(whole(11, 1), TEN).orElseThrow().number()).isEqualTo(11);
    assertThat(StartingPoint.floor(whole(10, 1), TEN).orElseThrow().digest())
        .as("the table may lack pods that are gone")
        .isEqualTo("f".repeat(64));
    assertThat(StartingPoint.floor(closed(10), NOTHING)).isEmpty();
    assertThat(StartingPoint.lowest(closed(10), NOTHING)).isEqualTo(10);
    assertThat(StartingPoint.lowest(ABSENT, TEN)).isEqualTo(10);
    assertThat(StartingPoint.lowest(whole(11, 1), TEN)).isEqualTo(10);
  }
}
