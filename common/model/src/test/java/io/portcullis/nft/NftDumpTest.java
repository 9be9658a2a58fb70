package io.portcullis.nft;

import static io.portcullis.nft.OnePodTable.CHAIN;
import static io.portcullis.nft.OnePodTable.PODS;
import static io.portcullis.nft.OnePodTable.RULES;
import static io.portcullis.nft.OnePodTable.STAMP;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.Ports;
import io.portcullis.ruleset.RandomRuleSets;
import io.portcullis.ruleset.Rule;
import io.portcullis.ruleset.RuleSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** A table that real nft loaded is read back as the rule set that was rendered. */
class NftDumpTest {
  private static final String TABLE = NftRenderer.TABLE;
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
    assertThat(dump.unexpected()).isEmpty();
    assertThat(dump.rules().records().keySet()).isEqualTo(rules.records().keySet());
    assertThat(dump.digest().hex()).isEqualTo(rules.digest().hex());
    assertThat(dump.stamp()).contains(STAMP);
  }

  @Example
  void everythingDoneByHandIsSeen() {
    var pair = "10.244.0.1 . 10.244.0.1";
    var in = "portcullis " + CHAIN.id();
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
            "add element inet portcullis " + PODS + " { 10.244.0.9 }",
            "delete element inet portcullis " + PODS + " { 10.244.0.2 }",
            "delete element inet portcullis self_v4 { " + pair + " }",
            "add element inet portcullis self_v4 { 10.244.0.1 . 10.244.0.2 }",
            "add element inet portcullis self_v4 { 10.244.0.8 . 10.244.0.8 }",
            "delete element inet portcullis ingress_v4 { 10.244.0.1 }",
            "add element inet portcullis ingress_v4 { 10.244.0.8 : drop }",
            "add element inet portcullis ingress_v4 { 10.244.0.8 : return }",
            "delete element inet portcullis egress_v4 { 10.244.0.1 }",
            "delete element inet portcullis egress_v4 { 10.244.0.1 }\n"
                + "add element inet portcullis egress_v4 { 10.244.0.1 : goto "
                + CHAIN.id()
                + " }",
            "delete element inet portcullis ingress_v4 { 10.244.0.1 }\n"
                + "add element inet portcullis ingress_v4 { 10.244.0.1 : return }",
            "add element inet portcullis node_v4 { 10.244.0.8 : drop }",
            "flush chain inet portcullis connections",
            "insert rule inet portcullis connections accept",
            "flush chain inet portcullis forward_v4",
            "flush chain inet portcullis source_v6",
            "add rule inet portcullis source_v4 ip saddr 10.9.0.0/16 goto cidr_out_v4",
            "add rule inet portcullis input_v4 ip saddr 10.9.0.0/16 goto cidr_out_v4",
            "insert rule inet portcullis unknown_in_v4 return",
            "flush chain inet portcullis unknown_out_v6",
            "insert rule inet portcullis cidr_in_v6 return",
            "insert rule inet portcullis source_v4 iifname cali7 return",
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
            "insert rule inet portcullis isolated_in_v4 return",
            "flush chain inet portcullis isolated_out_v6",
            "insert rule inet " + in + " counter goto isolated_in_v4",
            NftRenderer.replace(RULES, TABLE, STAMP)
                .replace("counter goto isolated_in", "counter goto deny_in"),
            "flush chain inet portcullis stamp")) {
      namespace.load(NftRenderer.replace(RULES, TABLE, STAMP));
      namespace.load(change + "\n");
      var dump = dump();
      assertThat(dump.digest().hex()).as(change).isNotEqualTo(RULES.digest().hex());
    }
  }

  @Property(tries = 50)
  void commentsChangeNothing(@ForAll("ruleSets") RuleSet rules) {
    namespace.load(NftRenderer.readable(rules, TABLE));
    assertThat(dump().digest().hex()).isEqualTo(rules.digest().hex());
  }

  @Example
  void commentsNamePodsAndPoliciesAndNeverBecomeSyntax() {
    var evil = "x\n}\nflush ruleset\u2028\\";
    var rule = new Rule(CHAIN.rules().getFirst().peers(), Ports.ANY, Action.ACCEPT, List.of(evil));
    var chain =
        NodeRecord.Chain.of(Direction.INGRESS, Family.V4, List.of(rule), Action.DENY)
            .standingFor(List.of("NetworkPolicy/a/deny", evil));
    var rules =
        RuleSet.of(
            List.of(
                new NodeRecord.AddressSet(PODS, "{\"role\":\"web\"}\n" + evil),
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
  void countersAreReadByRule() {
    namespace.load(
        NftRenderer.replace(RULES, TABLE)
            .replaceFirst("counter return", "counter packets 3 bytes 180 return")
            .replaceFirst(
                "counter goto isolated_in_v4", "counter packets 7 bytes 420 goto isolated_in_v4"));
    assertThat(dump().counters().get(CHAIN.key()))
        .containsExactly(new Counter(3, 180), new Counter(7, 420));
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
      DumpReader.read(other).digest();
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining("not a listing of nft");
    }
  }

  private static NftDump dump() {
    return DumpReader.read(namespace.listing(TABLE));
  }
}
