package io.portcullis.agent.kernel;

import static io.portcullis.nft.NftRenderer.SWAP_TABLE;
import static io.portcullis.nft.NftRenderer.TABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcullis.agent.program.Plan;
import io.portcullis.agent.program.Plan.Step;
import io.portcullis.agent.program.StepName;
import io.portcullis.agent.program.Tables;
import io.portcullis.nft.DumpReader;
import io.portcullis.nft.NamespaceOfTest;
import io.portcullis.nft.NftRenderer;
import io.portcullis.nft.Stamp;
import io.portcullis.ruleset.RandomRuleSets;
import io.portcullis.ruleset.RuleSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The real kernel by both ways, in a namespace of the test's own. */
class KernelTest {
  @RegisterExtension final NamespaceOfTest namespace = new NamespaceOfTest();

  private static final String TOPIC = "AbcdefghijklmnopqrstuQ";

  /** What a test does with the kernel of its namespace. */
  private interface Body {
    void run(Nft nft, Kernel kernel) throws Exception;
  }

  private void inside(NftWay way, Body body) throws Exception {
    InsideNamespace.call(
        namespace.name(),
        () -> {
          try (var nft = way.open()) {
            body.run(nft, new Kernel(nft));
          }
          return null;
        });
  }

  @ParameterizedTest
  @EnumSource(names = {"LIBRARY", "PROGRAM"})
  void versionsFollowEachOtherAndAreReadBack(NftWay way) throws Exception {
    inside(
        way,
        (nft, kernel) -> {
          assertThat(kernel.look().tables()).isEqualTo(Tables.NONE);
          var random = new Random(7);
          for (var number = 1; number <= 20; number++) {
            var rules = RandomRuleSets.next(random);
            var stamp = stamp(number, rules);
            kernel.carryOut(Plan.toHold(rules, stamp, kernel.look().tables()));
            assertThat(kernel.look().tables()).isEqualTo(Tables.holding(stamp));
            assertThat(kernel.look().live().orElseThrow().digest()).isEqualTo(rules.digest());
          }
          assertThat(kernel.nftVersion()).matches("[0-9]+\\.[0-9].*");
        });
  }

  @ParameterizedTest
  @EnumSource(names = {"LIBRARY", "PROGRAM"})
  void whatIsRefusedChangesNothingAndIsTold(NftWay way) throws Exception {
    inside(
        way,
        (nft, kernel) -> {
          var rules = RandomRuleSets.next(new Random(8));
          kernel.carryOut(Plan.toHold(rules, stamp(1, rules), Tables.NONE));
          for (var broken :
              List.of(
                  "add rule inet portcullis nowhere drop",
                  "delete table inet portcullis\nnonsense",
                  "delete table inet portcullis\nadd chain inet nowhere x")) {
            assertThatThrownBy(() -> nft.run(broken))
                .isInstanceOf(NftException.class)
                .hasMessageContaining("rror");
          }
          assertThat(kernel.look().live().orElseThrow().digest()).isEqualTo(rules.digest());
          assertThatThrownBy(() -> nft.list("list table inet nowhere", Nft.Format.JSON))
              .isInstanceOf(NftException.class);
          assertThat(nft.list("list tables", Nft.Format.TEXT)).contains(TABLE);
        });
  }

  /** Others remove the table whenever it was seen to be there. */
  private static final class RemovedOnceSeen extends DelegatingNft {
    private RemovedOnceSeen(Nft nft) {
      super(nft);
    }

    @Override
    public String list(String command, Format format) throws NftException {
      var listing = super.list(command, format);
      if (command.startsWith("list tables")) {
        run(NftRenderer.remove(TABLE));
      }
      return listing;
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LIBRARY", "PROGRAM"})
  void aTableThatIsRemovedWhileItIsReadIsNotThere(NftWay way) throws Exception {
    inside(
        way,
        (nft, kernel) -> {
          var rules = RandomRuleSets.next(new Random(9));
          var first = Plan.toHold(rules, stamp(1, rules), Tables.NONE);
          kernel.carryOut(first);
          assertThat(kernel.look().tables().live()).isPresent();

          assertThat(new Kernel(new RemovedOnceSeen(nft)).look().tables().live()).isEmpty();
          var tables = new KernelTables(nft);
          assertThat(tables.live()).isEmpty();
          assertThat(tables.text()).isEmpty();
          assertThat(tables.droppedByGuard()).isZero();
        });
  }

  @ParameterizedTest
  @EnumSource(names = {"LIBRARY", "PROGRAM"})
  void whatIsOnlyCheckedChangesNothing(NftWay way) throws Exception {
    inside(
        way,
        (nft, kernel) -> {
          assertThat(kernel.refusal(RandomRuleSets.next(new Random(8)))).isEmpty();
          assertThat(nft.list("list tables", Nft.Format.TEXT)).isBlank();
          assertThatThrownBy(() -> nft.check("add rule inet portcullis nowhere drop"))
              .isInstanceOf(NftException.class);
          nft.run("add table inet others");
          assertThat(nft.list("list tables", Nft.Format.TEXT)).contains("others");
        });
  }

  /** The library of nft 1.0.6 ends the whole process when two list at once. */
  @Test
  void severalThreadsListAtOnce() throws Exception {
    inside(
        NftWay.LIBRARY,
        (nft, kernel) -> {
          var rules = RandomRuleSets.next(new Random(12));
          kernel.carryOut(Plan.toHold(rules, stamp(1, rules), Tables.NONE));
          try (var second = NftWay.LIBRARY.open();
              var third = NftWay.LIBRARY.open();
              var threads = Executors.newFixedThreadPool(3)) {
            var listing =
                Stream.of(nft, second, third)
                    .map(one -> threads.submit(() -> listOften(one, rules)))
                    .toList();
            for (var each : listing) {
              each.get();
            }
          }
        });
  }

  private static void listOften(Nft nft, RuleSet rules) {
    try {
      for (var i = 0; i < 300; i++) {
        var listed = DumpReader.read(nft.list("list table inet " + TABLE, Nft.Format.JSON));
        assertThat(listed.digest()).isEqualTo(rules.digest());
      }
    } catch (NftException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LIBRARY", "PROGRAM"})
  void aChangeThatFailsHalfWayLeavesTheLastVersionAlone(NftWay way) throws Exception {
    inside(
        way,
        (nft, kernel) -> {
          var old = RandomRuleSets.next(new Random(9));
          kernel.carryOut(Plan.toHold(old, stamp(1, old), Tables.NONE));
          var next = RandomRuleSets.next(new Random(10));
          var plan = Plan.toHold(next, stamp(2, next), kernel.look().tables());
          var failing =
              new Plan(
                  List.of(
                      plan.steps().getFirst(),
                      new Step(StepName.REPLACE, "delete table inet nowhere")),
                  plan.undo());
          assertThatThrownBy(() -> kernel.carryOut(failing))
              .isInstanceOf(NftException.class)
              .hasMessageContaining("REPLACE");
          assertThat(kernel.look().tables()).isEqualTo(Tables.holding(stamp(1, old)));
        });
  }

  @Test
  void whateverAnAgentLeftIsBroughtToTheVersionAndSomethingAlwaysEnforces() throws Exception {
    var old = RandomRuleSets.next(new Random(11));
    var next = RandomRuleSets.next(new Random(12));
    var stamp = stamp(2, next);
    var lefts =
        List.of(
            "",
            NftRenderer.replace(old, TABLE, stamp(1, old)),
            NftRenderer.replace(old, SWAP_TABLE, stamp(1, old)),
            NftRenderer.replace(old, TABLE) + NftRenderer.replace(next, SWAP_TABLE, stamp),
            NftRenderer.replace(next, TABLE, stamp) + NftRenderer.replace(next, SWAP_TABLE, stamp),
            NftRenderer.replace(next, TABLE, stamp(1, next)),
            NftRenderer.replace(next, TABLE, stamp) + "flush chain inet portcullis forward\n",
            "table inet portcullis { }\n",
            "table inet portcullis_swap { }\n");
    inside(
        NftWay.LIBRARY,
        (nft, kernel) -> {
          for (var left : lefts) {
            nft.run(NftRenderer.remove(TABLE) + NftRenderer.remove(SWAP_TABLE) + left);
            var plan = Plan.toHold(next, stamp, kernel.look().tables());
            for (var step : plan.steps()) {
              nft.run(step.transaction());
              var tables = nft.list("list tables", Nft.Format.TEXT);
              assertThat(tables).as(left).contains(TABLE);
            }
            assertThat(kernel.look().tables()).as(left).isEqualTo(Tables.holding(stamp));
            assertThat(Plan.toHold(next, stamp, kernel.look().tables()).steps()).isEmpty();
          }
        });
  }

  @Test
  void aLiveTableIsReplacedOnlyWhileTheSwapTableEnforcesTheNewVersion() {
    var rules = RandomRuleSets.next(new Random(13));
    var other = new Tables.Live("0".repeat(64), Optional.empty());
    for (var swap : List.of(true, false)) {
      var plan = Plan.toHold(rules, stamp(1, rules), new Tables(Optional.of(other), swap));
      assertThat(plan.steps())
          .extracting(Step::name)
          .containsExactly(StepName.SWAP_IN, StepName.REPLACE, StepName.SWAP_OUT);
    }
  }

  @Test
  void aSwapTableThatAloneEnforcesGoesOnlyAfterTheTableIsThere() {
    var rules = RandomRuleSets.next(new Random(14));
    var plan = Plan.toHold(rules, stamp(1, rules), new Tables(Optional.empty(), true));
    assertThat(plan.steps())
        .extracting(Step::name)
        .containsExactly(StepName.FIRST, StepName.SWAP_OUT);
  }

  @Test
  void theLibraryIsUsedWhereItLoads() throws Exception {
    inside(NftWay.AUTO, (nft, kernel) -> assertThat(kernel.way()).isEqualTo("library"));
  }

  private static Stamp stamp(long number, RuleSet rules) {
    return new Stamp(number, TOPIC, rules.digest().hex(), 1);
  }
}
