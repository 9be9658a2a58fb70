package io.portcullis.policy.reach;

import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.ChainId;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecord.AddressSet;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.NodeRecord.Member;
import io.portcullis.ruleset.Rule;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.SetId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The rules of a node as another build may write them: with other sets, and so other chains. */
final class Renamed {
  private final RuleSet rules;
  private final UnaryOperator<List<Rule>> edit;
  private final Map<ChainId, Chain> chains = new HashMap<>();

  private Renamed(RuleSet rules, UnaryOperator<List<Rule>> edit) {
    this.rules = rules;
    this.edit = edit;
  }

  static RuleSet of(RuleSet rules) {
    return new Renamed(rules, all -> all).renamed();
  }

  /** Leaves out the last rule of each chain. */
  static RuleSet withoutLastRules(RuleSet rules) {
    return new Renamed(rules, all -> all.isEmpty() ? all : all.subList(0, all.size() - 1))
        .renamed();
  }

  private RuleSet renamed() {
    var records = new ArrayList<NodeRecord>();
    for (var set : rules.sets()) {
      records.add(new AddressSet(id(set.id()), ""));
      set.elements().forEach(element -> records.add(new Member(id(set.id()), element)));
    }
    for (var endpoint : rules.endpoints()) {
      records.add(
          new Endpoint(
              endpoint.ip(),
              endpoint.pod(),
              chain(endpoint.ingress()),
              chain(endpoint.egress()),
              chain(endpoint.toOwnNode())));
    }
    records.addAll(chains.values());
    return RuleSet.of(records);
  }

  private static SetId id(SetId set) {
    return SetId.of(set.kind(), set.family(), "renamed " + set);
  }

  private Optional<ChainId> chain(Optional<ChainId> id) {
    return id.map(this::chain);
  }

  private ChainId chain(ChainId id) {
    var known = chains.get(id);
    if (known != null) {
      return known.id();
    }
    var chain = rules.chain(id).orElseThrow();
    var renamed =
        Chain.of(
            id.direction(),
            chain.family(),
            edit.apply(chain.rules()).stream().map(this::rule).toList(),
            action(chain.end()));
    chains.put(id, renamed);
    return renamed.id();
  }

  private Rule rule(Rule rule) {
    return new Rule(
        rule.peers().map(Renamed::id), rule.ports(), action(rule.action()), rule.causes());
  }

  private Action action(Action action) {
    return switch (action) {
      case Action.Continue(var next) -> new Action.Continue(chain(next));
      case Action.Accept _, Action.Deny _ -> action;
    };
  }
}
