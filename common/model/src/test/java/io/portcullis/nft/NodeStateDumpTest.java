package io.portcullis.nft;

import static io.portcullis.nft.OnePodTable.RULES;
import static io.portcullis.nft.OnePodTable.STAMP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a table holds that only its node knows is read back, and is no part of the digest. */
class NodeStateDumpTest {
  private static final String TABLE = NftRenderer.TABLE;

  private static TestNamespace namespace;

  @BeforeAll
  static void makeNamespace() {
    namespace = TestNamespace.make();
  }

  @AfterAll
  static void removeNamespace() {
    namespace.close();
  }

  @Test
  void whatOnlyCountsIsNoPartOfTheRules() {
    var key = "0123456789abcdef0123456789abcdef";
    var retired = RetiredCounters.EMPTY.plus(Map.of(key, new Counter(5, 300)));
    namespace.load(NftRenderer.replace(RULES, TABLE, STAMP));
    var pod = IpAddress.parse("10.244.0.1");
    var counts = new TreeMap<>(Map.of(pod, new Counter(2, 90)));
    namespace.load(
        EditRenderer.text(
            TABLE,
            List.of(
                new Edit.SetRetiredCounters(retired),
                new Edit.SetSampleRate(5),
                new Edit.SetDeniedCounters(Direction.INGRESS, Family.V4, counts))));
    var dump = dump();
    assertThat(dump.unexpected()).isEmpty();
    assertThat(dump.digest()).isEqualTo(RULES.digest());
    assertThat(dump.retired()).isEqualTo(retired);
    assertThat(DeniedCounts.parse(listing("list set inet portcullis denied_in_v4")))
        .isEqualTo(counts);
    namespace.load(
        EditRenderer.text(TABLE, List.of(new Edit.ResetDeniedCounters(Family.V4, List.of(pod)))));
    assertThat(DeniedCounts.parse(listing("list set inet portcullis denied_in_v4")))
        .containsEntry(pod, Counter.ZERO);
    namespace.load("flush set inet portcullis denied_in_v4\n");
    assertThat(dump().digest()).isEqualTo(RULES.digest());
  }

  @Test
  void theStampAloneIsChanged() {
    var next = new Stamp(STAMP.version() + 1, STAMP.topicId(), STAMP.digest(), 1);
    namespace.load(NftRenderer.replace(RULES, TABLE));
    assertThat(dump().stamp()).isEmpty();
    assertThat(dump().digest()).isEqualTo(RULES.digest());
    namespace.load(EditRenderer.text(TABLE, List.of(new Edit.SetStamp(STAMP))));
    namespace.load(EditRenderer.text(TABLE, List.of(new Edit.SetStamp(next))));
    assertThat(dump().stamp()).contains(next);
    assertThat(dump().digest()).isEqualTo(RULES.digest());
  }

  @Test
  void linksAreNoPartOfTheDigestButWhoeverKnowsThemSeesOthers() {
    namespace.load(NftRenderer.replace(RULES, TABLE, STAMP));
    assertThat(dump().local().links()).isEmpty();
    for (var links :
        List.of(new TreeSet<>(List.of("veth0", "a.b@c-d")), new TreeSet<>(List.of("v")))) {
      namespace.load(EditRenderer.text(TABLE, List.of(new Edit.SetPodLinks(links))));
      assertThat(dump().local().links()).isEqualTo(links);
      assertThat(dump().digest()).isEqualTo(RULES.digest());
      var local = LocalSets.EMPTY.withLinks(links);
      assertThat(dump().expecting(local, CutMark.DEFAULT, new TreeSet<>()).digest())
          .isEqualTo(RULES.digest());
      assertThat(dump().expecting(LocalSets.EMPTY, CutMark.DEFAULT, new TreeSet<>()).digest())
          .isNotEqualTo(RULES.digest());
    }
    for (var name : List.of("", "a\"}", "veth*", "a b", "x".repeat(16))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Edit.SetPodLinks(new TreeSet<>(List.of(name))));
    }
  }

  @Test
  void c1_podsThatTheNodeKnowsAreNoPartOfTheDigestButWhoeverKnowsThemSeesOthers() {
    namespace.load(NftRenderer.replace(RULES, TABLE, STAMP));
    for (var texts : List.of(List.of("10.244.0.7", "fd00:10:244::7"), List.of("10.244.0.8"))) {
      var known = new TreeSet<>(texts.stream().map(IpAddress::parse).toList());
      namespace.load(EditRenderer.text(TABLE, List.of(new Edit.SetKnownPods(known))));
      var sets = LocalSets.EMPTY.withKnown(known);
      assertNoPartOfTheDigest(sets);
    }
  }

  /** Whoever expects these sets sees the same rules in the kernel, and whoever does not, others. */
  private void assertNoPartOfTheDigest(LocalSets sets) {
    assertThat(dump().local()).isEqualTo(sets);
    assertThat(dump().digest()).isEqualTo(RULES.digest());
    assertThat(dump().expecting(sets, CutMark.DEFAULT, new TreeSet<>()).digest())
        .isEqualTo(RULES.digest());
    assertThat(dump().expecting(LocalSets.EMPTY, CutMark.DEFAULT, new TreeSet<>()).digest())
        .isNotEqualTo(RULES.digest());
  }

  @Test
  void c1_whereTheGuardStandsIsNoPartOfTheDigestButWhoeverKnowsItSeesAnother() {
    namespace.load(NftRenderer.replace(RULES, TABLE, STAMP));
    for (var patterns : List.of(List.of("cali*", "eth7", "veth*"), List.of("v*"))) {
      var sets =
          new LocalSets(
              new TreeSet<>(),
              new TreeSet<>(),
              new TreeSet<>(patterns),
              new TreeSet<>(List.of(Family.V6)));
      namespace.load(
          EditRenderer.text(
              TABLE,
              List.of(
                  new Edit.SetGuardLinks(sets.guardLinks()),
                  new Edit.SetOpenCidrs(sets.openCidrs()))));
      assertNoPartOfTheDigest(sets);
    }
  }

  @Test
  void c2_theMarkIsNoPartOfTheDigestButWhoeverKnowsItSeesAnother() {
    namespace.load(NftRenderer.replace(RULES, TABLE, STAMP));
    assertThat(dump().mark()).isEqualTo(CutMark.DEFAULT);
    for (var mark : List.of(new CutMark(1), CutMark.parse("0x40000000"), CutMark.parse("4096"))) {
      namespace.load(EditRenderer.text(TABLE, List.of(new Edit.SetCutMark(mark))));
      assertThat(dump().mark()).isEqualTo(mark);
      assertThat(dump().digest()).isEqualTo(RULES.digest());
      assertThat(dump().expecting(dump().local(), mark, new TreeSet<>()).digest())
          .isEqualTo(RULES.digest());
      assertThat(dump().expecting(dump().local(), CutMark.DEFAULT, new TreeSet<>()).digest())
          .isNotEqualTo(RULES.digest());
    }
    for (var text : List.of("", "mark", "0", "3", "-1", "0x80000000", "0x100000000")) {
      assertThatIllegalArgumentException().isThrownBy(() -> CutMark.parse(text));
    }
  }

  @Test
  void c1_theGuardIsNoPartOfTheDigestAndIsReadWithWhatIsLeftOfIt() {
    namespace.load(NftRenderer.replace(RULES, TABLE, STAMP));
    assertThat(dump().guard()).isEqualTo(GuardLease.NONE);
    hold(0, new GuardLease.For(Duration.ofSeconds(100)));
    hold(1, new GuardLease.For(Duration.ofSeconds(200)));
    hold(0, new GuardLease.For(Duration.ofMillis(59_500)));
    assertThat(dump().guard())
        .isInstanceOfSatisfying(
            GuardLease.For.class,
            lease ->
                assertThat(lease.left())
                    .isBetween(Duration.ofSeconds(190), Duration.ofSeconds(201)));
    assertThat(dump().digest()).isEqualTo(RULES.digest());
    hold(0, GuardLease.EVER);
    assertThat(dump().guard()).isEqualTo(GuardLease.EVER);
    assertThat(dump().digest()).isEqualTo(RULES.digest());
    hold(0, GuardLease.NONE);
    hold(1, GuardLease.NONE);
    assertThat(dump().guard()).isEqualTo(GuardLease.NONE);
    for (var change :
        List.of(
            "flush chain inet portcullis guarded", "insert rule inet portcullis guarded return")) {
      namespace.load(NftRenderer.replace(RULES, TABLE, STAMP));
      namespace.load(change + "\n");
      assertThat(dump().digest()).as(change).isNotEqualTo(RULES.digest());
    }
  }

  @Test
  void aTextWithSyntaxIsNoStamp() {
    for (var topicId : List.of("a\"; flush ruleset; #", "", "a b", "x".repeat(23))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Stamp(1, topicId, STAMP.digest(), 1))
          .withMessageContaining(topicId);
    }
  }

  private String listing(String command) {
    var words = Stream.concat(Stream.of("nft", "-j"), Stream.of(command.split(" ")));
    return namespace.run("", words.toArray(String[]::new)).orThrow();
  }

  private static void hold(int turn, GuardLease lease) {
    namespace.load(EditRenderer.text(TABLE, List.of(new Edit.SetGuard(turn, lease))));
  }

  private static NftDump dump() {
    return DumpReader.read(namespace.listing(TABLE));
  }
}
