package io.portcullis.agent.enforce;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.agent.kernel.DelegatingNft;
import io.portcullis.agent.kernel.InsideNamespace;
import io.portcullis.agent.kernel.Kernel;
import io.portcullis.agent.kernel.Nft;
import io.portcullis.agent.kernel.NftException;
import io.portcullis.agent.kernel.NftWay;
import io.portcullis.agent.program.CounterEdits;
import io.portcullis.agent.program.LocalEdits;
import io.portcullis.agent.program.Plan;
import io.portcullis.agent.program.Plan.Step;
import io.portcullis.agent.program.StepName;
import io.portcullis.agent.program.Tables;
import io.portcullis.nft.CutMark;
import io.portcullis.nft.LocalSets;
import io.portcullis.nft.NamespaceOfTest;
import io.portcullis.nft.Stamp;
import io.portcullis.ruleset.RandomRuleSets;
import io.portcullis.ruleset.RuleSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The real kernel, in a namespace of the test's own, with what a node adds to its table. */
class EnforcedTableTest {
  @RegisterExtension final NamespaceOfTest namespace = new NamespaceOfTest();

  private static final RuleSet RULES = RandomRuleSets.next(new Random(11));
  private static final Stamp STAMP =
      new Stamp(1, "AbcdefghijklmnopqrstuQ", RULES.digest().hex(), 1);

  @Test
  void c2_theTableOfAnAgentWithAnotherMarkIsReplaced() throws Exception {
    InsideNamespace.call(
        namespace.name(),
        () -> {
          try (var nft = NftWay.LIBRARY.open()) {
            var kernel = new Kernel(nft);
            kernel.carryOut(Plan.toHold(RULES, STAMP, Tables.NONE));
            var mark = new CutMark(1);
            var next =
                new EnforcedTable(
                    kernel,
                    Optional.empty(),
                    CounterEdits.NOTHING,
                    new LocalEdits.Settings(mark, 0, LocalSets.EMPTY));
            var plan = Plan.toHold(RULES, STAMP, next.look().tables());
            assertThat(plan.steps())
                .extracting(Step::name)
                .contains(StepName.SWAP_IN, StepName.REPLACE);
            next.carryOut(plan, RULES, RULES, _ -> {});
            assertThat(next.look().tables()).isEqualTo(Tables.holding(STAMP));
            assertThat(next.look().live().orElseThrow().mark()).isEqualTo(mark);
          }
          return null;
        });
  }

  /** Remembers what was listed. */
  private static final class ListedNft extends DelegatingNft {
    private final List<String> listed = new ArrayList<>();

    private ListedNft(Nft nft) {
      super(nft);
    }

    @Override
    public String list(String command, Format format) throws NftException {
      listed.add(command);
      return super.list(command, format);
    }
  }

  @Test
  void aLookListsTheTablesOnceWhetherOursIsThereOrNot() throws Exception {
    InsideNamespace.call(
        namespace.name(),
        () -> {
          try (var nft = new ListedNft(NftWay.LIBRARY.open())) {
            var kernel = new Kernel(nft);
            var table = new EnforcedTable(kernel);
            assertThat(table.look().tables()).isEqualTo(Tables.NONE);
            assertThat(nft.listed).containsExactly("list tables inet");
            kernel.carryOut(Plan.toHold(RULES, STAMP, Tables.NONE));
            nft.listed.clear();
            assertThat(table.look().tables()).isEqualTo(Tables.holding(STAMP));
            assertThat(nft.listed)
                .containsExactly("list tables inet", "list table inet portcullis");
          }
          return null;
        });
  }
}
