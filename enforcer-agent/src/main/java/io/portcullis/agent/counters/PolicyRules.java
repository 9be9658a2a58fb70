package io.portcullis.agent.counters;

import io.portcullis.ruleset.PolicyRule;
import io.portcullis.ruleset.RuleSet;
import java.util.SortedSet;
import java.util.TreeSet;

/** Of which policies' rules a rule set is made. */
final class PolicyRules {
  private PolicyRules() {}

  static SortedSet<PolicyRule> of(RuleSet rules) {
    var found = new TreeSet<PolicyRule>();
    for (var chain : rules.chains()) {
      for (var i = 0; i <= chain.rules().size(); i++) {
        PolicyRule.of(chain, i).ifPresent(found::add);
      }
    }
    return found;
  }
}
