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

/** The chain of one tier, for pods under the same policies with the same ports. */
final class ChainBuilder {
  private final Direction direction;
  private final Family family;
  private final List<ContainerPort> subjectPorts;
  private final List<String> names;

  /**
   * @param names of the policies that the chain stands for
   */
  ChainBuilder(
      Direction direction, Family family, List<ContainerPort> subjectPorts, List<String> names) {
    this.names = names;
    this.direction = direction;
    this.family = family;
    this.subjectPorts = subjectPorts;
  }

  /** A chain with the definitions of the sets that it uses. */
  record Built(Chain chain, List<SetDefinition> sets) {}

  /** What any of the policies allows; all else is dropped (N3, N4). */
  Built networkPolicies(List<NetworkPolicy> policies) {
    var union = segment();
    for (var policy : policies) {
      var rules = policy.rules(direction);
      for (var i = 0; i < rules.size(); i++) {
        union.add(rules.get(i), pods(policy.key()), cause(policy.key(), i));
      }
    }
    return built(List.of(new Part(union, Action.ACCEPT)), Action.DENY);
  }

  /**
   * What the policies decide, the first rule that matches (A2).
   *
   * @param next what happens to what no rule matches, and to what a rule passes on (A3)
   */
  Built tier(List<TieredPolicy> policies, Action next) {
    var parts = new ArrayList<Part>();
    var last = Optional.<TieredRule.Action>empty();
    for (var policy : policies) {
      var rules = policy.rules(direction);
      for (var i = 0; i < rules.size(); i++) {
        var rule = rules.get(i);
        var joins = last.equals(Optional.of(rule.action()));
        var segment = joins ? parts.getLast().segment() : segment();
        segment.add(rule.match(), pods(policy.key()), cause(policy.key(), i));
        if (!joins && !segment.isEmpty()) {
          parts.add(new Part(segment, action(rule.action(), next)));
          last = Optional.of(rule.action());
        }
      }
    }
    return built(parts, next);
  }

  /** Accepts what this rule of the policy matches, and nothing else. */
  Built alone(ObjectKey policy, PolicyRule rule) {
    var segment = segment();
    segment.add(rule, pods(policy), cause(policy, 0));
    return built(List.of(new Part(segment, Action.ACCEPT)), Action.DENY);
  }

  private record Part(RuleUnion segment, Action action) {}

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
    parts.forEach(part -> part.segment().appendTo(rules, sets, part.action()));
    return new Built(Chain.of(direction, family, rules, end, names), List.copyOf(sets));
  }

  private RuleUnion segment() {
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
