package io.portcullis.policy.lint;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.Tier;
import io.portcullis.policy.rules.Selection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Finds rules that decide nothing, because another rule always does. */
final class OrderLint {
  private final Consumer<Finding> found;

  OrderLint(Consumer<Finding> found) {
    this.found = found;
  }

  /** Checks the NetworkPolicies of one namespace, whose rules are united (N3). */
  void checkNamespace(Collection<NetworkPolicy> policies) {
    for (var direction : Direction.values()) {
      var bySubject = new HashMap<LabelSelector, List<WrittenRule>>();
      var rules = new ArrayList<WrittenRule>();
      for (var policy : policies) {
        if (!policy.legacy()) { // L3: counts only where an annotation isolates
          for (var rule : WrittenRule.of(policy, direction)) {
            bySubject.computeIfAbsent(policy.subjects(), _ -> new ArrayList<>()).add(rule);
            rules.add(rule);
          }
        }
      }
      rules.forEach(rule -> redundant(rule, bySubject));
    }
  }

  private void redundant(WrittenRule rule, Map<LabelSelector, List<WrittenRule>> bySubject) {
    var subjects = subjects(rule);
    Stream.of(subjects, LabelSelector.EVERYTHING)
        .distinct()
        .flatMap(selector -> bySubject.getOrDefault(selector, List.of()).stream())
        .filter(other -> other != rule && Coverage.covers(other.match(), rule.match()))
        .filter(other -> !isAlike(other, rule) || comesBefore(other, rule))
        .findFirst()
        .ifPresent(
            other ->
                found.accept(
                    Finding.of(
                        Check.REDUNDANT_RULE,
                        rule,
                        rule.field(),
                        "all that it allows is allowed by " + name(other, rule))));
  }

  private static LabelSelector subjects(WrittenRule rule) {
    return SelectionLint.subjectOf(rule.policy()).pods().orElseThrow();
  }

  /** Tells whether two rules include each other; only the later one is told of then. */
  private static boolean isAlike(WrittenRule a, WrittenRule b) {
    return subjects(a).equals(subjects(b)) && Coverage.covers(b.match(), a.match());
  }

  private static boolean comesBefore(WrittenRule a, WrittenRule b) {
    var byPolicy = a.policy().key().compareTo(b.policy().key());
    return byPolicy != 0 ? byPolicy < 0 : a.index() < b.index();
  }

  /** Checks the policies of the tiers, whose first rule that matches decides (A2). */
  void checkTiers(Collection<TieredPolicy> policies) {
    for (var tier : Tier.values()) {
      var ordered =
          policies.stream()
              .filter(policy -> policy.tier() == tier)
              .sorted(Selection.DECIDES_FIRST)
              .toList();
      for (var direction : Direction.values()) {
        var earlier = new ArrayList<WrittenRule>();
        for (var policy : ordered) {
          for (var rule : WrittenRule.of(policy, direction)) {
            shadowing(rule, earlier).ifPresent(other -> shadowed(rule, other));
            earlier.add(rule);
          }
        }
      }
    }
  }

  private static Optional<WrittenRule> shadowing(WrittenRule rule, List<WrittenRule> earlier) {
    var subject = SelectionLint.subjectOf(rule.policy());
    return earlier.stream()
        .filter(other -> Coverage.covers(SelectionLint.subjectOf(other.policy()), subject))
        .filter(other -> Coverage.covers(other.match(), rule.match()))
        .findFirst();
  }

  private void shadowed(WrittenRule rule, WrittenRule earlier) {
    found.accept(
        Finding.of(
            Check.SHADOWED_RULE,
            rule,
            rule.field(),
            "all that it matches is decided before it by " + name(earlier, rule)));
  }

  private static String name(WrittenRule rule, WrittenRule from) {
    ClusterObject policy = rule.policy();
    return policy.key().equals(from.policy().key())
        ? rule.field()
        : rule.field() + " of " + policy.key().display();
  }
}
