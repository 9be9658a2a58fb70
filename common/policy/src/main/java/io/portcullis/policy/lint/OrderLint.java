package io.portcullis.policy.lint;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.Tier;
import io.portcullis.policy.explain.RuleText;
import io.portcullis.policy.rules.Selection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Finds rules that decide nothing, because other rules always do. */
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
      redundant(rules, bySubject);
    }
  }

  /** Tells of rules that can all be taken away together. */
  private void redundant(List<WrittenRule> rules, Map<LabelSelector, List<WrittenRule>> bySubject) {
    var told = Collections.<WrittenRule>newSetFromMap(new IdentityHashMap<>());
    for (var rule : rules) {
      including(rule, bySubject).ifPresent(other -> redundant(rule, List.of(other), told));
    }
    for (var rule : rules.reversed()) { // of several that include each other, the later ones
      if (!told.contains(rule)) {
        var others = besides(rule, bySubject).filter(other -> !told.contains(other)).toList();
        var together = together(rule, others);
        if (!together.isEmpty()) {
          redundant(rule, together, told);
        }
      }
    }
  }

  private void redundant(WrittenRule rule, List<WrittenRule> others, Set<WrittenRule> told) {
    told.add(rule);
    found.accept(
        Finding.of(
            Check.REDUNDANT_RULE,
            rule,
            rule.field(),
            "all that it allows is allowed by " + names(others, rule)));
  }

  /** Returns a rule that alone allows all that this one does. */
  private static Optional<WrittenRule> including(
      WrittenRule rule, Map<LabelSelector, List<WrittenRule>> bySubject) {
    return besides(rule, bySubject)
        .filter(other -> Coverage.covers(other.match(), rule.match()))
        .filter(other -> !isAlike(other, rule) || comesBefore(other, rule))
        .findFirst();
  }

  /** Returns the other rules for all pods that this one is for. */
  private static Stream<WrittenRule> besides(
      WrittenRule rule, Map<LabelSelector, List<WrittenRule>> bySubject) {
    return Stream.of(subjects(rule), LabelSelector.EVERYTHING)
        .distinct()
        .flatMap(selector -> bySubject.getOrDefault(selector, List.of()).stream())
        .filter(other -> other != rule);
  }

  /** Returns rules that together match all that this one does; none where they do not. */
  private static List<WrittenRule> together(WrittenRule rule, List<WrittenRule> others) {
    var together = new ArrayList<WrittenRule>();
    for (var part : Coverage.parts(rule.match())) {
      if (together.stream().noneMatch(other -> Coverage.covers(other.match(), part))) {
        var covering =
            others.stream().filter(other -> Coverage.covers(other.match(), part)).findFirst();
        if (covering.isEmpty()) {
          return List.of();
        }
        together.add(covering.get());
      }
    }
    return together;
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
            var shadowing = shadowing(rule, earlier);
            if (!shadowing.isEmpty()) {
              shadowed(rule, shadowing);
            }
            earlier.add(rule);
          }
        }
      }
    }
  }

  private static List<WrittenRule> shadowing(WrittenRule rule, List<WrittenRule> earlier) {
    var subject = SelectionLint.subjectOf(rule.policy());
    var deciding =
        earlier.stream()
            .filter(other -> Coverage.covers(SelectionLint.subjectOf(other.policy()), subject))
            .toList();
    return deciding.stream()
        .filter(other -> Coverage.covers(other.match(), rule.match()))
        .findFirst()
        .map(List::of)
        .orElseGet(() -> together(rule, deciding));
  }

  private void shadowed(WrittenRule rule, List<WrittenRule> earlier) {
    found.accept(
        Finding.of(
            Check.SHADOWED_RULE,
            rule,
            rule.field(),
            "all that it matches is decided before it by " + names(earlier, rule)));
  }

  private static String names(List<WrittenRule> rules, WrittenRule from) {
    return RuleText.listed(rules, rule -> name(rule, from), " and ");
  }

  private static String name(WrittenRule rule, WrittenRule from) {
    ClusterObject policy = rule.policy();
    return policy.key().equals(from.policy().key())
        ? rule.field()
        : rule.field() + " of " + policy.key().display();
  }
}
