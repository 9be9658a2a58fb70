package io.portcullis.agent.enforce;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.agent.connections.Settled;
import io.portcullis.agent.kernel.InsideNamespace;
import io.portcullis.agent.kernel.Kernel;
import io.portcullis.agent.kernel.NftWay;
import io.portcullis.net.IpAddress;
import io.portcullis.nft.NamespaceOfTest;
import io.portcullis.nft.NftDump;
import io.portcullis.nft.NftRenderer;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.RandomRuleSets;
import io.portcullis.ruleset.RuleSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** C2: endpoints are narrowed in the kernel until a look has settled their connections. */
class NarrowedTableTest {
  @RegisterExtension final NamespaceOfTest namespace = new NamespaceOfTest();

  private static final RuleSet OLD = RandomRuleSets.next(new Random(31));
  private static final RuleSet NEXT = RandomRuleSets.next(new Random(32));

  private interface Story {
    void tell(Kernel kernel) throws Exception;
  }

  private void inside(NftWay way, Story story) throws Exception {
    InsideNamespace.call(
        namespace.name(),
        () -> {
          try (var nft = way.open()) {
            story.tell(new Kernel(nft));
          }
          return null;
        });
  }

  private static SortedSet<IpAddress> all(RuleSet rules) {
    var all = new TreeSet<IpAddress>();
    rules.endpoints().stream().map(Endpoint::ip).forEach(all::add);
    return all;
  }

  private static NftDump held(Kernel kernel, RuleSet rules) throws Exception {
    var dump = kernel.look().live().orElseThrow();
    assertThat(dump.unexpected()).isEmpty();
    assertThat(dump.digest()).isEqualTo(rules.digest());
    return dump;
  }

  private boolean isAtRest() {
    return !namespace
        .run("", "nft", "list", "chain", "inet", NftRenderer.TABLE, "forward")
        .orThrow()
        .contains("rejudge");
  }

  private static Optional<Settled> now(Set<IpAddress> cut) {
    return Optional.of(new Settled(System.nanoTime(), cut));
  }

  @ParameterizedTest
  @EnumSource(names = {"LIBRARY", "PROGRAM"})
  void aNewTableJudgesAllConnectionsAgainUntilALookHasSettledThem(NftWay way) throws Exception {
    inside(
        way,
        kernel -> {
          var enforcement = new Enforcement(new EnforcedTable(kernel));
          var early = now(Set.of());
          enforcement.enforce(PendingVersions.of(1, OLD));
          assertThat(held(kernel, OLD).narrowed()).isEqualTo(all(OLD));
          enforcement.settle(early);
          assertThat(held(kernel, OLD).narrowed()).isEqualTo(all(OLD));
          enforcement.settle(now(Set.of()));
          assertThat(held(kernel, OLD).narrowed()).isEmpty();
          assertThat(isAtRest()).isTrue();
          enforcement.enforce(PendingVersions.of(2, NEXT));
          assertThat(held(kernel, NEXT).narrowed()).isNotEmpty();
          assertThat(isAtRest()).isFalse();
          enforcement.settle(now(Set.of()));
          assertThat(held(kernel, NEXT).narrowed()).isEmpty();
        });
  }

  @ParameterizedTest
  @EnumSource(names = {"LIBRARY"})
  void aRestartedAgentTakesOverWhatIsNarrowed(NftWay way) throws Exception {
    inside(
        way,
        kernel -> {
          new Enforcement(new EnforcedTable(kernel)).enforce(PendingVersions.of(1, OLD));
          var restarted = new Enforcement(new EnforcedTable(kernel));
          assertThat(restarted.inherited()).isInstanceOf(InheritedTable.Whole.class);
          assertThat(held(kernel, OLD).narrowed()).isEqualTo(all(OLD));
          restarted.enforce(PendingVersions.of(2, NEXT));
          restarted.settle(now(all(NEXT)));
          assertThat(held(kernel, NEXT).narrowed()).isEmpty();
          assertThat(new Enforcement(new EnforcedTable(kernel)).inherited())
              .isInstanceOf(InheritedTable.Whole.class);
        });
  }

  @ParameterizedTest
  @EnumSource(names = {"LIBRARY"})
  void whoWidensWhatIsNarrowedIsRepaired(NftWay way) throws Exception {
    inside(
        way,
        kernel -> {
          var table = new EnforcedTable(kernel);
          var enforcement = new Enforcement(table);
          enforcement.enforce(PendingVersions.of(1, OLD));
          for (var family : new String[] {"v4", "v6"}) {
            namespace.load("flush set inet portcullis narrowed_" + family + "\n");
          }
          table.doubt();
          assertThat(enforcement.check()).get().isInstanceOf(TableCheck.Repaired.class);
          assertThat(held(kernel, OLD).narrowed()).isEqualTo(all(OLD));
        });
  }
}
