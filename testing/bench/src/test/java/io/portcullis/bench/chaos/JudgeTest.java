package io.portcullis.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.bench.chaos.Judge.PodMove;
import io.portcullis.bench.chaos.Judge.ProbeResult;
import io.portcullis.bench.chaos.Judge.Verdict;
import io.portcullis.bench.chaos.VersionLog.Placed;
import io.portcullis.history.Commit;
import io.portcullis.lab.probe.Outcome;
import io.portcullis.lab.probe.Probe;
import io.portcullis.lab.probe.Site;
import io.portcullis.net.Protocol;
import io.portcullis.ruleset.RuleSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Tests the judge with three versions: 1 denies, 2 lets port 80 in, 3 denies again, each in the
 * kernel for ten seconds. Two more versions know no pod; the last one guards its address.
 */
class JudgeTest {
  private static final String NODE = "node-1";
  private static final long SECOND = 1_000_000;
  private static final Outcome CAME = new Outcome.Answered();
  private static final Outcome SILENT = new Outcome.Silent();

  private final Timeline kernel = new Timeline();
  private final List<PodMove> moves = new ArrayList<>();

  JudgeTest() {
    kernel.begin(Optional.of(new Timeline.Stamped(1, Rules.DENIES.digest().hex(), 0)), 0);
    kernel.add(List.of(Rules.stamp(2, Rules.lets(80), 10 * SECOND)), 10 * SECOND + 5);
    kernel.add(List.of(Rules.stamp(3, Rules.DENIES, 20 * SECOND)), 20 * SECOND + 5);
  }

  private Judge judge() {
    return new Judge(
        Map.of(NODE, new NodeVersions(log(), Map.of(), List.of(), kernel.stamps())),
        Map.of(NODE, kernel),
        moves);
  }

  private static VersionLog log() {
    var history = new ArrayList<Placed>();
    for (var rules :
        List.of(Rules.DENIES, Rules.lets(80), Rules.DENIES, RuleSet.EMPTY, Rules.GUARDS)) {
      add(history, rules);
    }
    return VersionLog.of(
        NODE, history, history.stream().map(placed -> placed.commit().marker()).toList());
  }

  private static void add(List<Placed> history, RuleSet rules) {
    var number = history.size() + 1;
    var previous = number == 1 ? Commit.NONE : number - 1;
    history.add(
        new Placed(
            number,
            Commit.snapshot(NODE, Rules.marker(number, rules), rules, previous, previous)
                .getFirst()));
  }

  private Verdict verdict(Outcome outcome, long began, long ended) {
    var client = Site.outside("client", "ns-client", List.of(Rules.CLIENT));
    var server = Site.pod("red/server", "ns-server", List.of(Rules.SERVER));
    return judge()
        .verdict(
            new ProbeResult(
                new Probe(client, Rules.CLIENT, server, Rules.SERVER, Protocol.TCP, 80),
                Optional.empty(),
                Optional.of(NODE),
                began,
                ended,
                outcome));
  }

  @Test
  void whatTheOnlyVersionGivesIsRightAndNothingElse() {
    assertThat(verdict(SILENT, 5 * SECOND, 6 * SECOND)).isEqualTo(Verdict.RIGHT);
    assertThat(verdict(CAME, 5 * SECOND, 6 * SECOND)).isEqualTo(Verdict.WRONG);
    assertThat(verdict(CAME, 15 * SECOND, 16 * SECOND)).isEqualTo(Verdict.RIGHT);
    assertThat(verdict(SILENT, 15 * SECOND, 16 * SECOND)).isEqualTo(Verdict.WRONG);
    assertThat(verdict(CAME, 25 * SECOND, 26 * SECOND)).isEqualTo(Verdict.WRONG);
  }

  @Test
  void duringAChangeBothMayBeSeen() {
    assertThat(verdict(CAME, 9 * SECOND, 11 * SECOND)).isEqualTo(Verdict.RIGHT);
    assertThat(verdict(SILENT, 9 * SECOND, 11 * SECOND)).isEqualTo(Verdict.RIGHT);
  }

  @Test
  void aPodThatIsBeingMadeMayBeSilentButLetsNothingIn() {
    moves.add(new PodMove("red/server", 5 * SECOND, 16 * SECOND));
    assertThat(verdict(SILENT, 15 * SECOND, 17 * SECOND)).isEqualTo(Verdict.EXCUSED);
    assertThat(verdict(CAME, 5 * SECOND, 6 * SECOND)).isEqualTo(Verdict.WRONG);
    assertThat(verdict(SILENT, 17 * SECOND, 18 * SECOND)).isEqualTo(Verdict.WRONG);
  }

  @Test
  void aPodThatNoVersionKnowsYetMayBeSilentWhereTheGuardIs() {
    kernel.add(List.of(Rules.stamp(4, RuleSet.EMPTY, 30 * SECOND)), 30 * SECOND + 5);
    kernel.add(List.of(Rules.stamp(5, Rules.GUARDS, 40 * SECOND)), 40 * SECOND + 5);
    assertThat(verdict(SILENT, 35 * SECOND, 36 * SECOND)).isEqualTo(Verdict.WRONG);
    assertThat(verdict(SILENT, 45 * SECOND, 46 * SECOND)).isEqualTo(Verdict.EXCUSED);
    assertThat(verdict(CAME, 45 * SECOND, 46 * SECOND)).isEqualTo(Verdict.RIGHT);
  }

  @Test
  void whatFailsIsWrongUnlessAPodMoves() {
    var failed = new Outcome.Failed("No route to host");
    assertThat(verdict(failed, 5 * SECOND, 6 * SECOND)).isEqualTo(Verdict.WRONG);
    moves.add(new PodMove("red/server", 5 * SECOND, 6 * SECOND));
    assertThat(verdict(failed, 5 * SECOND, 6 * SECOND)).isEqualTo(Verdict.EXCUSED);
  }

  @Test
  void aTableThatWasDeletedLetsEverythingInUntilItIsBack() {
    kernel.add(
        List.of("delete chain inet portcullis stamp", "delete table inet portcullis"), 30 * SECOND);
    kernel.add(
        List.of("add table inet portcullis", Rules.stamp(3, Rules.DENIES, 40 * SECOND)),
        40 * SECOND + 5);
    assertThat(verdict(CAME, 35 * SECOND, 36 * SECOND)).isEqualTo(Verdict.RIGHT);
    assertThat(verdict(SILENT, 35 * SECOND, 36 * SECOND)).isEqualTo(Verdict.WRONG);
    assertThat(verdict(CAME, 41 * SECOND, 42 * SECOND)).isEqualTo(Verdict.WRONG);
  }

  @Test
  void afterABootNothingMayPassUntilAVersionIsThere() {
    kernel.add(
        List.of("delete table inet portcullis", Rules.stamp(3, Rules.GUARDS, 0)), 30 * SECOND);
    kernel.add(List.of(Rules.stamp(2, Rules.lets(80), 40 * SECOND)), 40 * SECOND + 5);
    assertThat(verdict(CAME, 35 * SECOND, 36 * SECOND)).isEqualTo(Verdict.WRONG);
    assertThat(verdict(SILENT, 35 * SECOND, 36 * SECOND)).isEqualTo(Verdict.EXCUSED);
    assertThat(verdict(CAME, 45 * SECOND, 46 * SECOND)).isEqualTo(Verdict.RIGHT);
    assertThat(judge().wrongKernels()).singleElement().asString().contains("went back from");
  }

  @Test
  void aTableThatWasMissingMayComeBackALittleOlder() {
    kernel.add(List.of("delete table inet portcullis"), 30 * SECOND);
    kernel.add(List.of(Rules.stamp(2, Rules.lets(80), 40 * SECOND)), 40 * SECOND + 5);
    assertThat(judge().wrongKernels()).isEmpty();
  }

  @Test
  void betweenTwoVersionsEitherMayDecide() {
    kernel.add(List.of("add element inet portcullis u_1_v4 { 10.244.2.5 }"), 30 * SECOND);
    kernel.add(List.of(Rules.stamp(4, Rules.DENIES, 40 * SECOND)), 40 * SECOND);
    assertThat(verdict(SILENT, 35 * SECOND, 36 * SECOND)).isEqualTo(Verdict.RIGHT);
    var possible = kernel.possible(35 * SECOND, 36 * SECOND);
    assertThat(possible.versions()).singleElement().hasToString("3 to 4");
    assertThat(possible.unsettled()).isTrue();
  }

  @Test
  void linksOfPodsAreNoVersion() {
    kernel.add(List.of("add element inet portcullis pod_links { \"pc1\" }"), 30 * SECOND);
    assertThat(kernel.possible(35 * SECOND, 36 * SECOND).unsettled()).isFalse();
  }

  @Test
  void aKernelThatGoesBackOrHoldsWhatNobodyWroteIsTold() {
    assertThat(judge().wrongKernels()).isEmpty();
    kernel.add(List.of(Rules.stamp(2, Rules.lets(80), 30 * SECOND)), 30 * SECOND);
    assertThat(judge().wrongKernels())
        .singleElement()
        .asString()
        .contains("went back from version 3");
    kernel.add(List.of(Rules.stamp(9, Rules.DENIES, 31 * SECOND)), 31 * SECOND);
    assertThat(judge().wrongKernels()).anyMatch(line -> line.contains("not in history"));
  }
}
