package io.portcullis.policy.rules;

import io.portcullis.cluster.ClusterObject.ContainerPort;
import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.TieredRule;
import io.portcullis.net.Family;
import io.portcullis.policy.grouping.PeerPods;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Builds the chain of one tier, for pods with the same ports under the same policies. */
final class ChainBuilder {
  private final Direction direction;
  private final Family family;
  private final List<ContainerPort> subjectPorts;
  private final List<String> names;

  /**
   * @param names the names of the policies that the chain stands for
   */
  ChainBuilder(
      Direction direction, Family family, List<ContainerPort> subjectPorts, List<String> names) {
    this.names = names;
    this.direction = direction;
    this.family = family;
    this.subjectPorts = subjectPorts;
  }

  /** A chain and the definitions of the sets that it uses. */
  record Built(Chain chain, List<SetDefinition> sets) {}

  /** Builds a chain that accepts what any of the policies allows and denies the rest (N3, N4). */
  Built networkPolicies(List<NetworkPolicy> policies) {
    var union = union();
    for (var policy : policies) {
      var rules = policy.rules(direction);
      for (var i = 0; i < rules.size(); i++) {
        union.add(rules.get(i), pods(policy.key()), cause(policy.key(), i));
      }
    }
    return built(List.of(new Part(union, Action.ACCEPT)), Action.DENY);
  }

  /**
   * Builds a chain in which the first rule that matches decides (A2).
   *
   * @param next what happens to traffic that no rule matches, and that a rule passes on (A3)
   */
  Built tier(List<TieredPolicy> policies, Action next) {
    var parts = new ArrayList<Part>();
    var last = Optional.<TieredRule.Action>empty();
    for (var policy : policies) {
      var rules = policy.rules(direction);
      for (var i = 0; i < rules.size(); i++) {
        var rule = rules.get(i);
        var joins = last.equals(Optional.of(rule.action()));
        var union = joins ? parts.getLast().rules() : union();
        union.add(rule.match(), pods(policy.key()), cause(policy.key(), i));
        if (!joins && !union.isEmpty()) {
          parts.add(new Part(union, action(rule.action(), next)));
          last = Optional.of(rule.action());
        }
      }
    }
    return built(parts, next);
  }

  /** Builds a chain that accepts what this rule of the policy matches and denies the rest. */
  Built alone(ObjectKey policy, PolicyRule rule) {
    var union = union();
    union.add(rule, pods(policy), cause(policy, 0));
    return built(List.of(new Part(union, Action.ACCEPT)), Action.DENY);
  }

  private record Part(RuleUnion rules, Action action) {}

  private static Action action(TieredRule.Action action, Action next) {
    return switch (action) { // A3
      case ACCEPT -> Action.ACCEPT;
      case DENY -> Action.DENY;
      case PASS -> next;
    };
  }

  private Built built(List<Part> parts, Action end) {
    var rules = new ArrayList<Rule>();
    var sets = new ArrayList<SetDefinition>();
    parts.forEach(part -> part.rules().appendTo(rules, sets, part.action()));
    return new Built(Chain.of(direction, family, rules, end, names), List.copyOf(sets));
  }

  private RuleUnion union() {
    return new RuleUnion(direction, family, subjectPorts);
  }

  private static Function<Peer.Pods, PeerPods> pods(ObjectKey policy) {
    return policy.namespace().isEmpty()
        ? PeerPods::of
        : peer -> PeerPods.of(peer, policy.namespace());
  }

  private static String cause(ObjectKey policy, int index) {
    return policy.display() + "#" + index;
  }
}
