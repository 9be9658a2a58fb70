package io.portcullis.ruleset;

import io.portcullis.ruleset.NodeRecord.Chain;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Finds references that lead nowhere: from members to sets, from rules to sets and chains, from
 * endpoints to chains.
 */
public final class DanglingReferences {
  private final RuleSet rules;
  private final Set<SetId> elsewhere;
  private final List<String> missing = new ArrayList<>();

  private DanglingReferences(RuleSet rules, Set<SetId> elsewhere) {
    this.rules = rules;
    this.elsewhere = elsewhere;
  }

  /** Returns what is missing of a rule set that holds all its sets. */
  public static List<String> of(RuleSet rules) {
    return of(rules, Set.of());
  }

  /**
   * Returns what is missing of a rule set, nothing when it is whole.
   *
   * @param elsewhere sets that rules may refer to and that are not here
   */
  public static List<String> of(RuleSet rules, Set<SetId> elsewhere) {
    var references = new DanglingReferences(rules, elsewhere);
    references.checkMembers();
    rules.chains().forEach(references::checkChain);
    references.checkEndpoints();
    return references.missing;
  }

  private void checkMembers() {
    for (var set : rules.sets()) {
      if (set.declared().isEmpty()) {
        missing.add("members of a set that is not there: set/" + set.id());
      }
    }
  }

  private void checkChain(Chain chain) {
    for (var rule : chain.rules()) {
      rule.peers()
          .filter(set -> !has(set) && !elsewhere.contains(set))
          .ifPresent(set -> missing.add(chain.key() + " refers to set/" + set));
      requireNext(rule.action(), chain);
    }
    requireNext(chain.end(), chain);
  }

  private void checkEndpoints() {
    for (var endpoint : rules.endpoints()) {
      for (var path : TrafficPath.values()) {
        endpoint.chain(path).ifPresent(id -> require(id, endpoint));
      }
    }
  }

  private boolean has(SetId set) {
    return rules.set(set).flatMap(SetContent::declared).isPresent();
  }

  private void requireNext(Action action, NodeRecord by) {
    switch (action) {
      case Action.Accept _, Action.Deny _ -> {}
      case Action.Continue(var chain) -> require(chain, by);
    }
  }

  private void require(ChainId chain, NodeRecord by) {
    if (rules.chain(chain).isEmpty()) {
      missing.add(by.key() + " refers to chain/" + chain);
    }
  }
}
