package io.portcullis.agent.enforce;

import static io.portcullis.Patience.await;
import static io.portcullis.agent.enforce.PendingVersions.stamp;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.agent.enforce.Programmed.Committed;
import io.portcullis.agent.enforce.Programmed.Failed;
import io.portcullis.agent.kernel.FailingNft;
import io.portcullis.agent.kernel.InsideNamespace;
import io.portcullis.agent.kernel.Kernel;
import io.portcullis.agent.kernel.NftWay;
import io.portcullis.agent.program.LiveState;
import io.portcullis.agent.program.Plan;
import io.portcullis.agent.program.StepName;
import io.portcullis.agent.program.Tables;
import io.portcullis.agent.status.EnforcedVersion;
import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.net.IpRange;
import io.portcullis.nft.NamespaceOfTest;
import io.portcullis.nft.NftRenderer;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.ChainId;
import io.portcullis.ruleset.Element;
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
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The real kernel, in a namespace of the test's own, found as crashes and others leave it. */
class EnforcementTest {
  @RegisterExtension final NamespaceOfTest namespace = new NamespaceOfTest();

  private static final RuleSet OLD = RandomRuleSets.next(new Random(31));
  private static final RuleSet NEXT = RandomRuleSets.next(new Random(32));

  /** Names of ours for other things, and all that JSON is not often asked to tell. */
  private static final String SOMEBODY_ELSES =
      """
      set self_v4 {
        type ipv4_addr . inet_service
        flags timeout
        elements = { 10.0.0.1 . 80 timeout 1h }
      }
      map ingress_v4 {
        type ipv4_addr : mark
        elements = { 10.0.0.1 : 7 }
      }
      counter forward { packets 7 bytes 9; }
      quota forward { over 10 mbytes; }
      limit forward { rate 5/second; }
      chain stamp {
        type nat hook postrouting priority 100
        ip saddr 10.0.0.0/8 masquerade
      }
      chain stamp2 {
        ip ttl 1 reject
      }
      chain forward {
        ct state vmap { invalid : drop, new : jump stamp2 }
        limit rate over 1/second burst 7 packets log prefix "x" level debug
        meter m { ip saddr timeout 10s limit rate 1/second } accept
        ip saddr & 255.0.0.255 == 10.0.0.1 tcp flags & (syn|ack) == syn accept
      }
      """;

  private interface Story {
    void tell(Kernel kernel) throws Exception;
  }

  private void inside(Story story) throws Exception {
    inside(NftWay.LIBRARY, story);
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

  @Test
  void aCrashBetweenAnyTwoStepsOfAChangeLeavesOneWholeVersionAlone() throws Exception {
    var change = Plan.toHold(NEXT, stamp(2, NEXT), Tables.holding(stamp(1, OLD)));
    for (var done = 1; done < change.steps().size(); done++) {
      namespace.load(NftRenderer.replace(OLD, NftRenderer.TABLE, stamp(1, OLD)));
      for (var step : change.steps().subList(0, done)) {
        namespace.load(step.transaction());
      }
      var crashedAfter = change.steps().get(done - 1).name();
      inside(
          kernel -> {
            var enforcement = new Enforcement(new EnforcedTable(kernel));
            var left = (InheritedTable.Whole) enforcement.inherited();
            var expected = crashedAfter == StepName.SWAP_IN ? stamp(1, OLD) : stamp(2, NEXT);
            assertThat(left.version().stamp()).as("%s", crashedAfter).isEqualTo(expected);
            assertThat(kernel.look().tables()).isEqualTo(Tables.holding(expected));
            assertThat(enforcement.enforce(PendingVersions.of(2, NEXT)))
                .isInstanceOf(Committed.class);
            assertThat(kernel.look().live().orElseThrow().digest()).isEqualTo(NEXT.digest());
          });
    }
  }

  @Test
  void aCrashBetweenAnyTwoStepsOfAVersionIsHealedByTheNextAgent() throws Exception {
    var change =
        Plan.toNext(OLD, NEXT, RuleSetChange.between(OLD, NEXT), stamp(2, NEXT), LiveState.NONE);
    var steps = change.orElseThrow().steps();
    assertThat(steps.stream().map(Plan.Step::name))
        .containsSequence(StepName.PREPARE, StepName.RESTRICT, StepName.OPEN_CHAINS);
    for (var done = 1; done <= steps.size(); done++) {
      namespace.load(NftRenderer.replace(OLD, NftRenderer.TABLE, stamp(1, OLD)));
      for (var step : steps.subList(0, done)) {
        namespace.load(step.transaction());
      }
      var isWhole = done == steps.size();
      inside(
          kernel -> {
            var enforcement = new Enforcement(new EnforcedTable(kernel));
            assertThat(enforcement.inherited())
                .isInstanceOf(isWhole ? InheritedTable.Whole.class : InheritedTable.Damaged.class);
            assertThat(enforcement.enforce(PendingVersions.of(2, NEXT)))
                .isInstanceOf(Committed.class);
            assertThat(kernel.look().tables().live().orElseThrow().digest())
                .isEqualTo(NEXT.digest().hex());
          });
    }
  }

  @Test
  void aRestartedAgentChangesWhatDiffersAndNothingElse() throws Exception {
    namespace.load(NftRenderer.replace(OLD, NftRenderer.TABLE, stamp(1, OLD)));
    inside(
        kernel -> {
          var enforcement = new Enforcement(new EnforcedTable(kernel));
          enforcement.inherited();
          var committed = (Committed) enforcement.enforce(PendingVersions.of(2, NEXT));
          assertThat(committed.plan().steps().stream().map(Plan.Step::name))
              .doesNotContain(StepName.SWAP_IN, StepName.REPLACE);
          assertThat(committed.enforced().times().stages()).hasSameSizeAs(committed.plan().steps());
          assertThat(kernel.look().tables())
              .isEqualTo(Tables.holding(committed.enforced().stamp()));
        });
  }

  @Test
  void aTableThatDoesNotTakeAChangeIsReplacedAsAWhole() throws Exception {
    inside(
        kernel -> {
          var enforcement = new Enforcement(new EnforcedTable(kernel));
          for (var behindItsBack :
              List.of("delete table inet portcullis", "flush map inet portcullis ingress_v4")) {
            enforcement.enforce(PendingVersions.of(1, OLD));
            namespace.load(behindItsBack);
            assertThat(enforcement.enforce(PendingVersions.of(2, NEXT)))
                .isInstanceOf(Committed.class);
            await().pollInSameThread().until(() -> enforcement.check().isPresent());
            assertThat(kernel.look().tables().live().orElseThrow().digest())
                .isEqualTo(NEXT.digest().hex());
          }
        });
  }

  @Test
  void aVersionThatCannotBeCompletedLeavesTheOneBefore() throws Exception {
    var isRefused = new AtomicBoolean(true);
    var digest = NEXT.digest().hex();
    InsideNamespace.call(
        namespace.name(),
        () -> {
          try (var nft =
              new FailingNft(
                  NftWay.LIBRARY.open(), text -> isRefused.get() && text.contains(digest))) {
            var kernel = new Kernel(nft);
            var enforcement = new Enforcement(new EnforcedTable(kernel));
            enforcement.enforce(PendingVersions.of(1, OLD));
            assertThat(enforcement.enforce(PendingVersions.of(2, NEXT))).isInstanceOf(Failed.class);
            assertThat(kernel.look().tables().live().orElseThrow().digest())
                .isEqualTo(OLD.digest().hex());
            assertThat(enforcement.check()).contains(new TableCheck.Intact(OLD.digest().hex()));
            assertThat(enforcement.repair().drifts().count()).isZero();
            isRefused.set(false);
            assertThat(enforcement.enforce(PendingVersions.of(2, NEXT)))
                .isInstanceOf(Committed.class);
            assertThat(kernel.look().tables().live().orElseThrow().digest()).isEqualTo(digest);
          }
          return null;
        });
  }

  @Test
  void nftThatFailsNowAndThenLeavesWholeVersionsOnly() throws Exception {
    var random = new Random();
    InsideNamespace.call(
        namespace.name(),
        () -> {
          try (var nft = new FailingNft(NftWay.LIBRARY.open(), _ -> random.nextInt(10) == 0)) {
            var kernel = new Kernel(nft);
            var enforcement = new Enforcement(new EnforcedTable(kernel));
            var last = Optional.<String>empty();
            for (var i = 1; i <= 40; i++) {
              var rules = RandomRuleSets.next(random);
              if (enforcement.enforce(PendingVersions.of(i, rules)) instanceof Committed) {
                last = Optional.of(rules.digest().hex());
              }
              var expected = last;
              await()
                  .pollInSameThread()
                  .untilAsserted(
                      () -> {
                        enforcement.check(); // repairs what could not be taken back
                        assertThat(kernel.look().tables().live().map(Tables.Live::digest))
                            .isEqualTo(expected);
                        assertThat(kernel.look().tables().swap()).isFalse();
                      });
            }
            assertThat(last).isPresent();
          }
          return null;
        });
  }

  @Test
  void aVersionThatWasThereBeforeTheAgentIsNotSaidToHaveComeNow() throws Exception {
    namespace.load(NftRenderer.replace(OLD, NftRenderer.TABLE, stamp(1, OLD)));
    inside(
        kernel -> {
          var enforcement = new Enforcement(new EnforcedTable(kernel));
          enforcement.inherited();
          var committed = (Committed) enforcement.enforce(PendingVersions.of(1, OLD));
          assertThat(committed.plan().steps()).isEmpty();
          assertThat(committed.enforced().times())
              .isEqualTo(EnforcedVersion.Times.before(stamp(1, OLD)));
        });
  }

  @Test
  void aTableThatWasChangedIsToldAndItsVersionIsStillTheLeast() throws Exception {
    namespace.load(NftRenderer.replace(OLD, NftRenderer.TABLE, stamp(7, OLD)));
    namespace.load("insert rule inet portcullis forward accept");
    inside(
        kernel -> {
          var left =
              (InheritedTable.Damaged) new Enforcement(new EnforcedTable(kernel)).inherited();
          assertThat(left.stamp()).contains(stamp(7, OLD));
          assertThat(left.reason()).contains("version 7");
        });
  }

  @Test
  void aTableOfThatNameWhichSomebodyElseMadeIsToldAndReplaced() throws Exception {
    for (var other : List.of("", "flags dormant", SOMEBODY_ELSES)) {
      namespace.load("table inet portcullis\ndelete table inet portcullis\n");
      namespace.load("table inet portcullis {\n" + other + "\n}\n");
      inside(
          kernel -> {
            var enforcement = new Enforcement(new EnforcedTable(kernel));
            assertThat(((InheritedTable.Damaged) enforcement.inherited()).reason())
                .contains("no agent");
            assertThat(enforcement.enforce(PendingVersions.of(1, OLD)))
                .isInstanceOf(Committed.class);
            assertThat(kernel.look().tables().live().orElseThrow().digest())
                .isEqualTo(OLD.digest().hex());
          });
    }
  }

  @Test
  void anObjectThatTheKernelRefusesIsIsolatedAndTheNextGoodVersionHeals() throws Exception {
    var set = SetId.of(SetKind.NETWORKS, Family.V4, "overlapping");
    var rule = new Rule(Optional.of(set), Ports.ANY, Action.ACCEPT, List.of());
    var bad = Chain.of(Direction.INGRESS, Family.V4, List.of(rule), Action.DENY);
    var good = Chain.of(Direction.EGRESS, Family.V4, List.of(), Action.ACCEPT);
    var victim = endpoint("10.0.0.1", Optional.of(bad.id()), Optional.of(good.id()));
    var other = endpoint("10.0.0.2", Optional.empty(), Optional.of(good.id()));
    var rules =
        RuleSet.of(
            List.of(
                new AddressSet(set, ""),
                new Member(set, new Element.Network(IpRange.parse("10.0.0.0-10.0.0.9"))),
                new Member(set, new Element.Network(IpRange.parse("10.0.0.5-10.0.0.20"))),
                bad,
                good,
                victim,
                other));
    for (var way : List.of(NftWay.LIBRARY, NftWay.PROGRAM)) {
      inside(
          way,
          kernel -> {
            var enforcement = new Enforcement(new EnforcedTable(kernel));
            enforcement.enforce(PendingVersions.of(1, OLD));
            var committed = (Committed) enforcement.enforce(PendingVersions.of(2, rules));
            var isolation = committed.enforced().isolation().orElseThrow();
            assertThat(isolation.refused().keySet()).containsExactly("set/" + set);
            assertThat(isolation.closed()).containsExactly(victim.key());
            var held = kernel.look();
            var digest = held.live().orElseThrow().digest().hex();
            assertThat(digest).isEqualTo(isolation.digest()).isNotEqualTo(rules.digest().hex());
            assertThat(held.tables().live().orElseThrow().stamp().orElseThrow().digest())
                .isEqualTo(rules.digest().hex());
            assertThat(held.live().get().rules().records().get(other.key())).isEqualTo(other);
            assertThat(enforcement.check()).contains(new TableCheck.Intact(digest));

            namespace.load("delete table inet portcullis");
            await().pollInSameThread().until(() -> enforcement.check().isPresent());
            assertThat(kernel.look().live().orElseThrow().digest().hex()).isEqualTo(digest);

            var healed = (Committed) enforcement.enforce(PendingVersions.of(3, NEXT));
            assertThat(healed.enforced().isolation()).isEmpty();
            assertThat(kernel.look().live().orElseThrow().digest()).isEqualTo(NEXT.digest());
          });
    }
  }

  private static Endpoint endpoint(String ip, Optional<ChainId> ingress, Optional<ChainId> egress) {
    return new Endpoint(IpAddress.parse(ip), "", ingress, egress, Optional.empty());
  }
}
