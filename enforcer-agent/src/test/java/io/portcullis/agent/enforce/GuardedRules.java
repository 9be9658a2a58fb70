package io.portcullis.agent.enforce;

import static io.portcullis.agent.enforce.RoutedPods.v4;
import static io.portcullis.agent.enforce.RoutedPods.v6;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.agent.enforce.Programmed.Committed;
import io.portcullis.net.Cidr;
import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.RuleSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Versions that know some of the routed pods, and deny nothing of their own. */
final class GuardedRules {
  /** Networks of all routed pods. */
  static final List<String> POD_CIDRS = List.of("10.244.0.0/24", "fd00:244::/64");

  private GuardedRules() {}

  /** Returns rules of a node with these pod CIDRs, on which the pods of these numbers are. */
  static RuleSet rules(List<String> cidrs, int... known) {
    var records = new ArrayList<NodeRecord>();
    cidrs.forEach(cidr -> records.add(new NodeRecord.PodCidr(Cidr.parse(cidr).range())));
    for (var number : known) {
      for (var ip : List.of(v4(number), v6(number))) {
        records.add(
            new NodeRecord.Endpoint(
                IpAddress.parse(ip), "", Optional.empty(), Optional.empty(), Optional.empty()));
      }
    }
    return RuleSet.of(records);
  }

  /** Enforces a version, which must be committed. */
  static void enforce(Enforcement enforcement, long number, RuleSet rules) {
    assertThat(enforcement.enforce(PendingVersions.of(number, rules)))
        .isInstanceOf(Committed.class);
  }
}
