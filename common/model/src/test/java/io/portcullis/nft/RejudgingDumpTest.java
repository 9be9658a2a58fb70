package io.portcullis.nft;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.ChainOrder;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.RandomRuleSets;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.TrafficPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** C2: what judges live connections again is written, listed by a real kernel and read back. */
class RejudgingDumpTest {
  private static final String TABLE = NftRenderer.TABLE;
  private static final int RULE_SETS = 40;
  private static TestNamespace namespace;

  @BeforeAll
  static void makeNamespace() {
    namespace = TestNamespace.make();
  }

  @AfterAll
  static void removeNamespace() {
    namespace.close();
  }

  private static NftDump dump() {
    return DumpReader.read(namespace.listing(TABLE));
  }

  private static String forward() {
    return namespace.run("", "nft", "list", "chain", "inet", TABLE, "forward").orThrow();
  }

  private static List<Edit> begin(Rejudging rejudging) {
    var edits = new ArrayList<Edit>();
    edits.add(new Edit.AddTwins(ChainOrder.byReference(rejudging.twins().values())));
    for (var family : Family.values()) {
      var ips = rejudging.narrowed().stream().filter(ip -> ip.family() == family).toList();
      for (var path : TrafficPath.values()) {
        var entries = new TreeMap<IpAddress, Target.ChainTarget>();
        rejudging
            .entries(path)
            .forEach(
                (ip, chain) -> {
                  if (ip.family() == family) {
                    entries.put(ip, new Target.SingleChain(chain));
                  }
                });
        edits.add(new Edit.AddTwinEntries(path, family, entries));
      }
      edits.add(new Edit.AddNarrowed(family, ips));
    }
    if (!rejudging.narrowed().isEmpty()) {
      edits.add(new Edit.BeginRejudging());
    }
    return edits;
  }

  private static Rejudging all(RuleSet rules) {
    var ips = new TreeSet<IpAddress>();
    rules.endpoints().stream().map(Endpoint::ip).forEach(ips::add);
    return new Rejudging(ips, rules);
  }

  @Test
  void twinsAreReadBackAndAreNoPartOfTheDigest() {
    var random = new Random();
    var seed = random.nextLong();
    random.setSeed(seed);
    for (var i = 0; i < RULE_SETS; i++) {
      var rules = RandomRuleSets.next(random);
      var rejudging = all(rules);
      namespace.load(
          NftRenderer.replace(rules, TABLE) + EditRenderer.text(TABLE, begin(rejudging)));
      var dump = dump();
      assertThat(dump.unexpected()).as("seed %d, rule set %d", seed, i).isEmpty();
      assertThat(dump.narrowed()).isEqualTo(rejudging.narrowed());
      assertThat(dump.digest()).isEqualTo(rules.digest());
      assertThat(
              dump.expecting(dump.local(), dump.mark(), new TreeSet<>())
                  .digest()
                  .equals(rules.digest()))
          .isEqualTo(rejudging.narrowed().isEmpty());
    }
  }

  @Test
  void whateverOthersChangeIsUnexpected() {
    var rules = RandomRuleSets.next(new Random(31));
    var rejudging = all(rules);
    var twin = TwinChain.name(rejudging.twins().firstKey());
    var ip = rejudging.entries(TrafficPath.EGRESS).firstKey();
    var map = ObjectNames.twins(TrafficPath.EGRESS, ip.family());
    for (var change :
        List.of(
            "flush chain inet portcullis " + twin,
            "insert rule inet portcullis " + twin + " return",
            "add chain inet portcullis live_in_" + "0".repeat(32),
            "flush map inet portcullis " + map,
            "delete element inet portcullis " + map + " { " + ip + " }",
            "add element inet portcullis narrowed_v4 { 192.0.2.1 }",
            "flush set inet portcullis narrowed_v4",
            "flush chain inet portcullis cut",
            "insert rule inet portcullis cut_v6 accept",
            "flush chain inet portcullis rejudge_forward_v4",
            "insert rule inet portcullis rejudge_input_v6 accept",
            "insert rule inet portcullis rejudge_forward accept",
            EditRenderer.text(TABLE, List.of(new Edit.EndRejudging())),
            EditRenderer.text(TABLE, List.of(new Edit.PauseCutting())))) {
      namespace.load(
          NftRenderer.replace(rules, TABLE) + EditRenderer.text(TABLE, begin(rejudging)));
      assertThat(dump().digest()).isEqualTo(rules.digest());
      namespace.load(change + "\n");
      assertThat(dump().digest()).as(change).isNotEqualTo(rules.digest());
    }
  }

  @Test
  void aTableAtRestLeadsNowhereNear() {
    var rules = RandomRuleSets.next(new Random(31));
    namespace.load(NftRenderer.replace(rules, TABLE));
    var atRest = forward();
    assertThat(atRest).doesNotContain("rejudge");
    namespace.load(EditRenderer.text(TABLE, List.of(new Edit.BeginRejudging())));
    assertThat(dump().digest()).isNotEqualTo(rules.digest());
    namespace.load(EditRenderer.text(TABLE, List.of(new Edit.EndRejudging())));
    assertThat(dump().digest()).isEqualTo(rules.digest());
    assertThat(forward()).isEqualTo(atRest);
  }
}
