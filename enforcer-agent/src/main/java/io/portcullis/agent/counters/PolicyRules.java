package io.portcullis.agent.counters;

import io.portcullis.ruleset.CountedRule;
import io.portcullis.ruleset.RuleSet;
import java.util.SortedSet;
import java.util.TreeSet;

/** Finds the rules of policies that a rule set counts. */
final class PolicyRules {
  private PolicyRules() {}

  static SortedSet<CountedRule> of(RuleSet rules) {
    var found = new TreeSet<CountedRule>();
    for (var chain : rules.chains()) {
      for (var i = 0; i <= chain.rules().size(); i++) {
        CountedRule.of(chain, i).ifPresent(found::add);
      }
    }
    return found;
  }
}
