package io.portcullis.agent.enforce;

import static io.portcullis.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.agent.drift.TableDifference;
import io.portcullis.agent.enforce.TableCheck.Intact;
import io.portcullis.agent.enforce.TableCheck.Repaired;
import io.portcullis.agent.enforce.TableCheck.Unrepaired;
import io.portcullis.agent.kernel.Generation;
import io.portcullis.agent.kernel.InsideNamespace;
import io.portcullis.agent.kernel.Kernel;
import io.portcullis.agent.kernel.NftWay;
import io.portcullis.agent.status.EnforcedVersion;
import io.portcullis.nft.DumpReader;
import io.portcullis.nft.NamespaceOfTest;
import io.portcullis.nft.NftDump;
import io.portcullis.nft.NftRenderer;
import io.portcullis.nft.Stamp;
import io.portcullis.ruleset.RandomRuleSets;
import io.portcullis.ruleset.RuleSet;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The real kernel, in a namespace of the test's own, whose table others change. */
class DriftRepairTest {
  @RegisterExtension final NamespaceOfTest namespace = new NamespaceOfTest();

  private static final RuleSet RULES = RandomRuleSets.next(new Random(41));
  private static final Stamp STAMP =
      new Stamp(3, "AbcdefghijklmnopqrstuQ", RULES.digest().hex(), 1);
  private static final EnforcedVersion ENFORCED =
      new EnforcedVersion(
          RULES,
          STAMP,
          Optional.empty(),
          List.of(),
          EnforcedVersion.Times.before(STAMP),
          Optional.empty(),
          Optional.empty());
  private static final String OTHERS = "add table ip others\n";

  private final AtomicLong nanos = new AtomicLong();

  @BeforeEach
  void loadTable() {
    namespace.load(NftRenderer.replace(RULES, NftRenderer.TABLE, STAMP));
  }

  private interface Story {
    void tell(DriftRepair repair, Kernel kernel) throws Exception;
  }

  private void inside(Story story) throws Exception {
    InsideNamespace.call(
        namespace.name(),
        () -> {
          try (var nft = NftWay.LIBRARY.open();
              var generation = Generation.open().orElseThrow()) {
            var kernel = new Kernel(nft, Optional.of(generation), Optional.empty());
            var repair = new DriftRepair(new EnforcedTable(kernel), nanos::get);
            assertThat(repair.check(ENFORCED)).contains(new Intact(RULES.digest().hex()));
            story.tell(repair, kernel);
          }
          return null;
        });
  }

  private void later(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private static TableCheck soon(DriftRepair repair) {
    return await()
        .pollInSameThread()
        .until(() -> repair.check(ENFORCED), Optional::isPresent)
        .orElseThrow();
  }

  @Test
  void nothingIsReadWhileNobodyChangesAnything() throws Exception {
    inside(
        (repair, _) -> {
          for (var i = 0; i < 100; i++) {
            assertThat(repair.check(ENFORCED)).isEmpty();
          }
        });
  }

  @Test
  void eachTransactionMovesTheGenerationByOne() throws Exception {
    inside(
        (_, kernel) -> {
          var before = kernel.generation().orElseThrow();
          namespace.load(NftRenderer.replace(RULES, NftRenderer.TABLE, STAMP));
          assertThat(kernel.generation()).hasValue(before + 1);
          namespace.run("add rule inet portcullis nowhere drop", "nft", "-f", "-");
          kernel.look();
          assertThat(kernel.generation()).hasValue(before + 1);
        });
  }

  @Test
  void whateverIsDoneToTheTableIsRepairedAndTold() throws Exception {
    var aSet =
        RULES.records().keySet().stream()
            .filter(key -> key.startsWith("set/") && key.indexOf('/', 4) < 0)
            .findFirst()
            .orElseThrow();
    for (var change :
        List.of(
            "delete table inet portcullis",
            "flush ruleset",
            "insert rule inet portcullis forward accept",
            "flush chain inet portcullis forward",
            "flush map inet portcullis ingress_v4\nflush map inet portcullis ingress_v6",
            "flush chain inet portcullis stamp",
            "add set inet portcullis mine { type ipv4_addr; }",
            "table inet portcullis { flags dormant; }",
            NftRenderer.replace(RULES, NftRenderer.SWAP_TABLE))) {
      inside(
          (repair, kernel) -> {
            namespace.load(change);
            var found = soon(repair);
            assertThat(found).as(change).isInstanceOf(Repaired.class);
            assertThat(((Repaired) found).drift().took()).isPresent();
            assertThat(repair.drifts().count()).isOne();
            assertThat(repair.trouble()).isEmpty();
            assertThat(ENFORCED.isIn(kernel.look().tables())).as(change).isTrue();
            assertThat(DumpReader.read(namespace.listing(NftRenderer.TABLE)).digest())
                .isEqualTo(RULES.digest());
          });
    }
    inside(
        (repair, _) -> {
          namespace.load("flush set inet portcullis " + aSet.substring("set/".length()));
          namespace.load("add element inet portcullis self_v4 { 192.0.2.7 . 192.0.2.7 }");
          namespace.load("add chain inet portcullis mine");
          assertThat(soon(repair)).isInstanceOf(Repaired.class);
          var difference = repair.drifts().last().getFirst().difference();
          assertThat(difference.table()).isEqualTo(TableDifference.Table.CHANGED);
          assertThat(difference.added().first()).containsExactly("endpoint/192.0.2.7");
          assertThat(difference.aliens().first())
              .extracting(NftDump.Unexpected::key)
              .containsExactly("chain/mine", "map/egress_v4", "map/ingress_v4", "map/node_v4");
        });
  }

  @Test
  void tablesOfOthersAreLeftAlone() throws Exception {
    inside(
        (repair, _) -> {
          for (var chain = 0; chain < 20; chain++) {
            namespace.load(OTHERS + "add chain ip others c" + chain);
            assertThat(soon(repair)).isInstanceOf(Intact.class);
          }
          namespace.load("insert rule inet portcullis forward accept");
          assertThat(soon(repair)).isInstanceOf(Repaired.class);
          assertThat(namespace.run("", "nft", "list", "table", "ip", "others").orThrow())
              .contains("chain c0");
        });
  }

  @Test
  void whatIsRemovedAgainAndAgainIsRepairedAtOnceEachTime() throws Exception {
    inside(
        (repair, kernel) -> {
          for (var flush = 1; flush <= 20; flush++) {
            namespace.load("flush ruleset");
            assertThat(repair.check(ENFORCED)).containsInstanceOf(Repaired.class);
            assertThat(ENFORCED.isIn(kernel.look().tables())).isTrue();
            assertThat(repair.drifts().count()).isEqualTo(flush);
          }
          assertThat(repair.trouble().orElseThrow()).contains("again and again");
          later(Duration.ofMinutes(1));
          assertThat(repair.check(ENFORCED)).contains(new Intact(RULES.digest().hex()));
          assertThat(repair.trouble()).isEmpty();
        });
  }

  @Test
  void aRepairIsReadBack() throws Exception {
    inside(
        (repair, _) -> {
          namespace.load("flush ruleset");
          assertThat(soon(repair)).isInstanceOf(Repaired.class);
          assertThat(repair.isAtRest()).isFalse();
          assertThat(soon(repair)).isEqualTo(new Intact(RULES.digest().hex()));
          assertThat(repair.isAtRest()).isTrue();
        });
  }

  @Test
  void aRepairThatDoesNotHelpIsTriedLater() throws Exception {
    var other = RandomRuleSets.next(new Random(42));
    inside(
        (repair, kernel) -> {
          namespace.load("flush ruleset");
          var isOther = new Stamp(3, STAMP.topicId(), other.digest().hex(), 1);
          var unattainable =
              new EnforcedVersion(
                  RULES,
                  isOther,
                  Optional.empty(),
                  List.of(),
                  EnforcedVersion.Times.before(isOther),
                  Optional.empty(),
                  Optional.empty());
          assertThat(repair.check(unattainable)).containsInstanceOf(Repaired.class);
          var unhelped =
              await()
                  .pollInSameThread()
                  .until(() -> repair.check(unattainable), Optional::isPresent);
          assertThat(unhelped).containsInstanceOf(Unrepaired.class);
          assertThat(repair.trouble().orElseThrow()).contains("does not hold what the repair");
          assertThat(repair.check(unattainable)).as("not at once").isEmpty();
        });
  }

  @Test
  void transactionsOfTheAgentAreNoReasonToLook() throws Exception {
    InsideNamespace.call(
        namespace.name(),
        () -> {
          try (var nft = NftWay.LIBRARY.open();
              var generation = Generation.open().orElseThrow()) {
            var enforcement =
                new Enforcement(
                    new EnforcedTable(new Kernel(nft, Optional.of(generation), Optional.empty())));
            enforcement.inherited();
            for (var number = 4; number < 10; number++) {
              var next = RandomRuleSets.next(new Random(number));
              enforcement.enforce(PendingVersions.of(number, next));
              assertThat(enforcement.check()).isEmpty();
            }
            namespace.load("delete table inet portcullis");
            await().pollInSameThread().until(() -> enforcement.check().isPresent());
            assertThat(enforcement.repair().drifts().count()).isOne();
          }
          return null;
        });
  }

  @Test
  void withoutAGenerationChangesAreFoundAllTheSame() throws Exception {
    InsideNamespace.call(
        namespace.name(),
        () -> {
          try (var nft = NftWay.PROGRAM.open()) {
            var table = new EnforcedTable(new Kernel(nft));
            var repair = new DriftRepair(table);
            assertThat(repair.check(ENFORCED)).containsInstanceOf(Intact.class);
            namespace.load("delete table inet portcullis");
            await().pollInSameThread().until(() -> repair.drifts().count() == 1 || step(repair));
            assertThat(ENFORCED.isIn(table.look().tables())).isTrue();
          }
          return null;
        });
  }

  private static boolean step(DriftRepair repair) {
    repair.check(ENFORCED);
    return repair.drifts().count() == 1;
  }
}
