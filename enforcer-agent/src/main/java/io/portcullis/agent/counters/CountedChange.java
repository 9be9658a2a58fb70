package io.portcullis.agent.counters;

import io.portcullis.net.IpAddress;
import io.portcullis.nft.Counter;
import io.portcullis.ruleset.ChainId;
import io.portcullis.ruleset.CountedRule;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.RuleSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A change from one rule set to another, and what becomes of the counts of the first one. */
record CountedChange(RuleSet before, RuleSet after) {
  static final CountedChange NONE = new CountedChange(RuleSet.EMPTY, RuleSet.EMPTY);

  /** Returns the addresses that are another pod's after the change (C3). */
  List<IpAddress> moved() {
    return after.endpoints().stream()
        .map(Endpoint::ip)
        .filter(ip -> before.endpoint(ip).isPresent() && !isSamePod(ip))
        .toList();
  }

  /** Returns whether the address is a pod's that had it before. */
  boolean isSamePod(IpAddress ip) {
    // what was read back from the kernel has no names of pods
    var old = before.endpoint(ip).map(Endpoint::pod).orElse("");
    var now = after.endpoint(ip).map(Endpoint::pod);
    return now.isPresent() && (old.isEmpty() || now.get().isEmpty() || now.get().equals(old));
  }

  List<ChainId> chains() {
    return before.chains().stream().map(Chain::id).toList();
  }

  /** Returns the chains that the change removes. */
  List<ChainId> goneChains() {
    return before.chains().stream().map(Chain::id).filter(id -> after.chain(id).isEmpty()).toList();
  }

  /** Returns the keys of all rules that count after the change. */
  Set<String> keys() {
    return PolicyRules.of(after).stream()
        .map(CountedRule::key)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Adds up what chains of the first rule set have counted, by the keys of the policies' rules. */
  Map<String, Counter> sums(Map<ChainId, List<Counter>> counted) {
    var sums = new HashMap<String, Counter>();
    counted.forEach(
        (id, counters) -> before.chain(id).ifPresent(chain -> add(chain, counters, sums)));
    return sums;
  }

  private void add(Chain chain, List<Counter> counters, Map<String, Counter> sums) {
    for (var i = 0; i < counters.size(); i++) {
      var counter = counters.get(i);
      rule(chain, i).ifPresent(rule -> sums.merge(rule.key(), counter, Counter::plus));
    }
  }

  /** Returns the rule of policies that a rule in the kernel stands for. */
  private Optional<CountedRule> rule(Chain chain, int index) {
    // after a restart the policies are not known; then the same rule in the next version tells
    return CountedRule.of(chain, index).or(() -> sameInNext(chain, index));
  }

  private Optional<CountedRule> sameInNext(Chain chain, int index) {
    if (index == chain.rules().size()) {
      return Optional.empty(); // ends are all alike
    }
    var wanted = chain.rules().get(index).canonical();
    for (var other : after.chains()) {
      if (other.family() != chain.family() || other.id().direction() != chain.id().direction()) {
        continue;
      }
      for (var i = 0; i < other.rules().size(); i++) {
        if (other.rules().get(i).canonical().equals(wanted)) {
          return CountedRule.of(other, i);
        }
      }
    }
    return Optional.empty();
  }
}
