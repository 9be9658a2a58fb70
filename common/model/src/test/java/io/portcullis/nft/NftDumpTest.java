package io.portcullis.nft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.net.PortRange;
import io.portcullis.net.Protocol;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.Element;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.Ports;
import io.portcullis.ruleset.RandomRuleSets;
import io.portcullis.ruleset.Rule;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.SetId;
import io.portcullis.ruleset.SetKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** What the kernel says it holds is what was rendered, by the real nft in its own namespace. */
class NftDumpTest {
  private static final String TABLE = NftRenderer.TABLE;
  private static final Stamp STAMP =
      new Stamp(
          Long.MAX_VALUE - 1,
          "AbcdefghijklmnopqrstuQ",
          "0123456789abcdef".repeat(4),
          Long.MAX_VALUE);

  private static TestNamespace namespace;

  @BeforeContainer
  static void makeNamespace() {
    namespace = TestNamespace.make();
  }

  @AfterContainer
  static void removeNamespace() {
    namespace.close();
  }

  @Provide
  Arbitrary<RuleSet> ruleSets() {
    return RandomRuleSets.ruleSets();
  }

  @Property(tries = 150)
  void whatIsLoadedIsReadBackWithTheSameDigest(@ForAll("ruleSets") RuleSet rules) {
    namespace.load(NftRenderer.replace(rules, TABLE, STAMP));
    var dump = dump();
    assertThat(dump.aliens()).isEmpty();
    assertThat(dump.rules().records().keySet()).isEqualTo(rules.records().keySet());
    assertThat(dump.digest().hex()).isEqualTo(rules.digest().hex());
    assertThat(dump.stamp()).contains(STAMP);
  }

  @Example
  void everythingDoneByHandIsSeen() {
    var pods = SetId.of(SetKind.HOSTS, Family.V4, "pods");
    var pair = "10.244.0.1 . 10.244.0.1";
    var chain = chain(pods);
    var in = "portcullis " + chain.id();
    var rules = rules(pods, chain);
    for (var change :
        List.of(
            "add chain inet portcullis in_mine",
            "add chain inet portcullis mine",
            "insert rule inet portcullis forward accept",
            "add rule inet portcullis forward counter",
            "insert rule inet " + in + " counter return",
            "add rule inet " + in + " counter drop",
            "insert rule inet " + in + " ip saddr 10.0.0.1 drop",
            "flush chain inet " + in,
            "flush chain inet portcullis forward",
            "add set inet portcullis mine { type ipv4_addr; }",
            "add map inet portcullis mine { type ipv4_addr : verdict; }",
            "add counter inet portcullis mine",
            "add element inet portcullis " + pods + " { 10.244.0.9 }",
            "delete element inet portcullis " + pods + " { 10.244.0.2 }",
            "delete element inet portcullis self_v4 { " + pair + " }",
            "add element inet portcullis self_v4 { 10.244.0.1 . 10.244.0.2 }",
            "add element inet portcullis self_v4 { 10.244.0.8 . 10.244.0.8 }",
            "delete element inet portcullis ingress_v4 { 10.244.0.1 }",
            "add element inet portcullis ingress_v4 { 10.244.0.8 : drop }",
            "add element inet portcullis ingress_v4 { 10.244.0.8 : return }",
            "delete element inet portcullis egress_v4 { 10.244.0.1 }",
            "delete element inet portcullis egress_v4 { 10.244.0.1 }\n"
                + "add element inet portcullis egress_v4 { 10.244.0.1 : goto "
                + chain.id()
                + " }",
            "delete element inet portcullis ingress_v4 { 10.244.0.1 }\n"
                + "add element inet portcullis ingress_v4 { 10.244.0.1 : return }",
            "add element inet portcullis node_v4 { 10.244.0.8 : drop }",
            "flush chain inet portcullis connections",
            "insert rule inet portcullis connections accept",
            "flush chain inet portcullis forward_v4",
            "flush chain inet portcullis source_v6",
            "add rule inet portcullis source_v4 ip saddr 10.9.0.0/16 goto guarded",
            "add rule inet portcullis input_v4 ip saddr 10.9.0.0/16 goto guarded",
            "insert rule inet portcullis input_v6 accept",
            "flush chain inet portcullis input",
            "flush chain inet portcullis prerouting",
            "insert rule inet portcullis prerouting accept",
            "delete chain inet portcullis prerouting",
            "insert rule inet portcullis input accept",
            "delete chain inet portcullis input",
            "delete chain inet portcullis forward",
            "flush chain inet portcullis deny_in_v4",
            "insert rule inet portcullis deny_in_v4 accept",
            "insert rule inet portcullis deny_in_v4 limit rate 5/second log group 5 accept",
            "insert rule inet portcullis deny_out_v6 return",
            "flush chain inet portcullis stamp")) {
      namespace.load(NftRenderer.replace(rules, TABLE, STAMP));
      namespace.load(change + "\n");
      var dump = dump();
      assertThat(dump.digest().hex()).as(change).isNotEqualTo(rules.digest().hex());
    }
  }

  @Property(tries = 50)
  void remarksChangeNothing(@ForAll("ruleSets") RuleSet rules) {
    namespace.load(NftRenderer.readable(rules, TABLE));
    assertThat(dump().digest().hex()).isEqualTo(rules.digest().hex());
  }

  @Example
  void remarksNamePodsAndPoliciesAndNeverBecomeSyntax() {
    var evil = "x\n}\nflush ruleset\u2028\\";
    var pods = SetId.of(SetKind.HOSTS, Family.V4, "pods");
    var plain = chain(pods);
    var rule = new Rule(plain.rules().getFirst().peers(), Ports.ANY, Action.ACCEPT, List.of(evil));
    var chain =
        NodeRecord.Chain.of(Direction.INGRESS, Family.V4, List.of(rule), Action.DENY)
            .standingFor(List.of("NetworkPolicy/a/deny", evil));
    var rules =
        RuleSet.of(
            List.of(
                new NodeRecord.AddressSet(pods, "{\"role\":\"web\"}\n" + evil),
                chain,
                new NodeRecord.Endpoint(
                    IpAddress.parse("10.244.0.1"),
                    "a/b" + evil,
                    Optional.of(chain.id()),
                    Optional.empty(),
                    Optional.empty())));
    var text = NftRenderer.readable(rules, TABLE);
    assertThat(text)
        .contains("  # NetworkPolicy/a/deny, x?}?flush ruleset??\n", "  # to a/bx?}?flush")
        .contains("  # {\"role\":\"web\"}\n  # x\n");
    assertThat(text.lines().filter(line -> line.contains("flush")))
        .isNotEmpty()
        .allMatch(line -> line.strip().startsWith("# "));
    namespace.load(text);
    assertThat(dump().digest().hex()).isEqualTo(rules.digest().hex());
  }

  @Example
  void whatCountsOnlyIsNoPartOfTheRules() {
    var pods = SetId.of(SetKind.HOSTS, Family.V4, "pods");
    var rules = rules(pods, chain(pods));
    var key = "0123456789abcdef0123456789abcdef";
    var ledger = RetiredCounters.EMPTY.plus(Map.of(key, new NftDump.Counter(5, 300)));
    namespace.load(NftRenderer.replace(rules, TABLE, STAMP));
    var pod = IpAddress.parse("10.244.0.1");
    var counts = new TreeMap<>(Map.of(pod, new NftDump.Counter(2, 90)));
    namespace.load(
        Edits.text(
            TABLE,
            List.of(
                new Edit.HoldLedger(ledger),
                new Edit.Sample(5),
                new Edit.Denied(Direction.INGRESS, Family.V4, counts))));
    var dump = dump();
    assertThat(dump.aliens()).isEmpty();
    assertThat(dump.digest()).isEqualTo(rules.digest());
    assertThat(dump.ledger()).isEqualTo(ledger);
    assertThat(DeniedCounts.parse(listing("list set inet portcullis denied_in_v4")))
        .isEqualTo(counts);
    namespace.load(Edits.text(TABLE, List.of(new Edit.CountAnew(Family.V4, List.of(pod)))));
    assertThat(DeniedCounts.parse(listing("list set inet portcullis denied_in_v4")))
        .containsEntry(pod, NftDump.Counter.ZERO);
    namespace.load("flush set inet portcullis denied_in_v4\n");
    assertThat(dump().digest()).isEqualTo(rules.digest());
  }

  private String listing(String command) {
    var words = Stream.concat(Stream.of("nft", "-j"), Stream.of(command.split(" ")));
    return namespace.run("", words.toArray(String[]::new)).orThrow();
  }

  @Example
  void countersAreReadByRule() {
    var pods = SetId.of(SetKind.HOSTS, Family.V4, "pods");
    var chain = chain(pods);
    namespace.load(
        NftRenderer.replace(rules(pods, chain), TABLE)
            .replaceFirst("counter return", "counter packets 3 bytes 180 return")
            .replaceFirst(
                "counter goto deny_in_v4", "counter packets 7 bytes 420 goto deny_in_v4"));
    assertThat(dump().counters().get(chain.key()))
        .containsExactly(new NftDump.Counter(3, 180), new NftDump.Counter(7, 420));
  }

  @Example
  void theStampAloneIsChanged() {
    var pods = SetId.of(SetKind.HOSTS, Family.V4, "pods");
    var rules = rules(pods, chain(pods));
    var next = new Stamp(STAMP.version() + 1, STAMP.topicId(), STAMP.digest(), 1);
    namespace.load(NftRenderer.replace(rules, TABLE));
    assertThat(dump().stamp()).isEmpty();
    assertThat(dump().digest()).isEqualTo(rules.digest());
    namespace.load(Edits.text(TABLE, List.of(new Edit.Restamp(STAMP))));
    namespace.load(Edits.text(TABLE, List.of(new Edit.Restamp(next))));
    assertThat(dump().stamp()).contains(next);
    assertThat(dump().digest()).isEqualTo(rules.digest());
  }

  @Property(tries = 200)
  void aTamperedListingIsNeverReadAsAnotherAndNeverCrashes(
      @ForAll("ruleSets") RuleSet rules, @ForAll Random random) {
    namespace.load(NftRenderer.replace(rules, TABLE, STAMP));
    var json = namespace.listing(TABLE);
    var at = random.nextInt(json.length());
    var other =
        json.substring(0, at) + json.substring(at + 1 + random.nextInt(30) % (json.length() - at));
    try {
      NftDump.parse(other).digest();
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining("not a listing of nft");
    }
  }

  @Example
  void linksAreNoPartOfTheDigestButWhoeverKnowsThemSeesOthers() {
    var pods = SetId.of(SetKind.HOSTS, Family.V4, "pods");
    var rules = rules(pods, chain(pods));
    namespace.load(NftRenderer.replace(rules, TABLE, STAMP));
    assertThat(dump().links()).isEmpty();
    for (var links :
        List.of(new TreeSet<>(List.of("veth0", "a.b@c-d")), new TreeSet<>(List.of("v")))) {
      namespace.load(Edits.text(TABLE, List.of(new Edit.HoldLinks(links))));
      assertThat(dump().links()).isEqualTo(links);
      assertThat(dump().digest()).isEqualTo(rules.digest());
      assertThat(dump().expecting(links, CutMark.DEFAULT).digest()).isEqualTo(rules.digest());
      assertThat(dump().expecting(new TreeSet<>(), CutMark.DEFAULT).digest())
          .isNotEqualTo(rules.digest());
    }
    for (var name : List.of("", "a\"}", "veth*", "a b", "x".repeat(16))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Edit.HoldLinks(new TreeSet<>(List.of(name))));
    }
  }

  @Example
  void c2_theMarkIsNoPartOfTheDigestButWhoeverKnowsItSeesAnother() {
    var pods = SetId.of(SetKind.HOSTS, Family.V4, "pods");
    var rules = rules(pods, chain(pods));
    namespace.load(NftRenderer.replace(rules, TABLE, STAMP));
    assertThat(dump().mark()).isEqualTo(CutMark.DEFAULT);
    for (var mark : List.of(new CutMark(1), CutMark.parse("0x40000000"), CutMark.parse("4096"))) {
      namespace.load(Edits.text(TABLE, List.of(new Edit.HoldMark(mark))));
      assertThat(dump().mark()).isEqualTo(mark);
      assertThat(dump().digest()).isEqualTo(rules.digest());
      assertThat(dump().expecting(dump().links(), mark).digest()).isEqualTo(rules.digest());
      assertThat(dump().expecting(dump().links(), CutMark.DEFAULT).digest())
          .isNotEqualTo(rules.digest());
    }
    for (var text : List.of("", "mark", "0", "3", "-1", "0x80000000", "0x100000000")) {
      assertThatIllegalArgumentException().isThrownBy(() -> CutMark.parse(text));
    }
  }

  @Example
  void c1_theGuardIsNoPartOfTheDigestAndIsReadWithWhatIsLeftOfIt() {
    var pods = SetId.of(SetKind.HOSTS, Family.V4, "pods");
    var rules = rules(pods, chain(pods));
    namespace.load(NftRenderer.replace(rules, TABLE, STAMP));
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
    assertThat(dump().digest()).isEqualTo(rules.digest());
    hold(0, GuardLease.EVER);
    assertThat(dump().guard()).isEqualTo(GuardLease.EVER);
    assertThat(dump().digest()).isEqualTo(rules.digest());
    hold(0, GuardLease.NONE);
    hold(1, GuardLease.NONE);
    assertThat(dump().guard()).isEqualTo(GuardLease.NONE);
    for (var change :
        List.of(
            "flush chain inet portcullis guarded", "insert rule inet portcullis guarded return")) {
      namespace.load(NftRenderer.replace(rules, TABLE, STAMP));
      namespace.load(change + "\n");
      assertThat(dump().digest()).as(change).isNotEqualTo(rules.digest());
    }
  }

  private static void hold(int turn, GuardLease lease) {
    namespace.load(Edits.text(TABLE, List.of(new Edit.HoldGuard(turn, lease))));
  }

  @Example
  void aTextWithSyntaxIsNoStamp() {
    for (var topicId : List.of("a\"; flush ruleset; #", "", "a b", "x".repeat(23))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Stamp(1, topicId, STAMP.digest(), 1))
          .withMessageContaining(topicId);
    }
  }

  private static NodeRecord.Chain chain(SetId pods) {
    return NodeRecord.Chain.of(
        Direction.INGRESS,
        Family.V4,
        List.of(
            new Rule(
                Optional.of(pods),
                Ports.of(List.of(PortRange.of(Protocol.TCP, 80))),
                Action.ACCEPT,
                List.of())),
        Action.DENY);
  }

  private static RuleSet rules(SetId pods, NodeRecord.Chain chain) {
    return RuleSet.of(
        List.of(
            new NodeRecord.AddressSet(pods, "pods"),
            new NodeRecord.Member(pods, Element.parse("10.244.0.2")),
            chain,
            new NodeRecord.Endpoint(
                IpAddress.parse("10.244.0.1"),
                "a/b",
                Optional.of(chain.id()),
                Optional.empty(),
                Optional.empty())));
  }

  private static NftDump dump() {
    return NftDump.parse(namespace.listing(TABLE));
  }
}
