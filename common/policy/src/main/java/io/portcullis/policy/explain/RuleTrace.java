package io.portcullis.policy.explain;

import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.TieredRule;
import io.portcullis.policy.explain.Explanation.End;
import io.portcullis.policy.explain.Explanation.Outcome;
import io.portcullis.policy.explain.Explanation.Tier;
import io.portcullis.policy.rules.Selection;
import io.portcullis.ruleset.TrafficPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds the rule behind a verdict: asks rule after rule of a pod's policies, in the order in which
 * they decide (A1, A2), whether it alone matches.
 */
final class RuleTrace {
  private static final int MOST_TOLD = 3;

  private final Selection selection;
  private final Pod pod;
  private final TrafficPath way;
  private final Matching matching;
  private final List<String> passed = new ArrayList<>();

  /** Whether a rule of that policy matches the flow. */
  interface Matching {
    boolean matches(ObjectKey policy, PolicyRule rule);
  }

  /** A rule as its policy names it. */
  private record Named(ObjectKey policy, int index, String name, PolicyRule match) {
    String rule() {
      return name.isEmpty() ? Integer.toString(index) : index + " (" + name + ")";
    }

    String text() {
      return "rule " + rule() + " of " + policy.display();
    }

    String withMatch() {
      return text() + " (" + RuleText.of(match) + ")";
    }
  }

  RuleTrace(Selection selection, Pod pod, TrafficPath way, Matching matching) {
    this.selection = selection;
    this.pod = pod;
    this.way = way;
    this.matching = matching;
  }

  /** Who decides, and why. */
  End end() {
    return tier(selection.admin(), Tier.ADMIN)
        .or(this::networkPolicies)
        .or(() -> tier(selection.baseline(), Tier.BASELINE))
        .orElseGet(
            () ->
                end(
                    Outcome.ALLOWED,
                    Tier.DEFAULT,
                    Optional.empty(),
                    "no rule for "
                        + in(way)
                        + " of "
                        + name()
                        + " accepts or denies it, so it is allowed"));
  }

  /** A2, A3. */
  private Optional<End> tier(List<TieredPolicy> policies, Tier tier) {
    var before = new ArrayList<Named>();
    for (var policy : policies) {
      var rules = policy.rules(way.direction());
      for (var i = 0; i < rules.size(); i++) {
        var rule = rules.get(i);
        var named = new Named(policy.key(), i, rule.name(), rule.match());
        if (matching.matches(policy.key(), rule.match())) {
          return decided(rule.action(), named, tier, before);
        }
        if (rule.action() != TieredRule.Action.DENY) {
          before.add(named);
        }
      }
    }
    return Optional.empty();
  }

  private Optional<End> decided(
      TieredRule.Action action, Named rule, Tier tier, List<Named> before) {
    return switch (action) {
      case ACCEPT ->
          Optional.of(
              end(Outcome.ALLOWED, tier, Optional.of(rule), rule.text() + " matches and accepts"));
      case DENY ->
          Optional.of(
              end(
                  Outcome.DENIED,
                  tier,
                  Optional.of(rule),
                  rule.text() + " matches and denies" + wanted(before)));
      case PASS -> {
        passed.add(rule.text() + " passes it on");
        yield Optional.empty();
      }
    };
  }

  /** N3, N4; final for a pod that is isolated (A5). */
  private Optional<End> networkPolicies() {
    if (selection.networkPolicies().isEmpty() || way == TrafficPath.TO_OWN_NODE) { // T5
      return Optional.empty();
    }
    var policies = selection.networkPolicies().get();
    var rules = new ArrayList<Named>();
    for (var policy : policies) {
      var written = policy.rules(way.direction());
      for (var i = 0; i < written.size(); i++) {
        rules.add(new Named(policy.key(), i, "", written.get(i)));
      }
    }
    return rules.stream()
        .filter(rule -> matching.matches(rule.policy(), rule.match()))
        .findFirst()
        .map(
            rule ->
                end(
                    Outcome.ALLOWED,
                    Tier.NETWORK_POLICY,
                    Optional.of(rule),
                    rule.text() + " matches"))
        .or(() -> Optional.of(isolated(policies, rules)));
  }

  private End isolated(List<NetworkPolicy> policies, List<Named> rules) {
    var names = policies.stream().map(policy -> policy.key().display()).toList();
    var reason =
        names.isEmpty()
            ? "namespace " + pod.key().namespace() + " is isolated and nothing is allowed" // L1
            : name()
                + " is isolated for "
                + in(way)
                + " and no rule matches of "
                + String.join(", ", names);
    return new End(
        Outcome.DENIED,
        Tier.NETWORK_POLICY,
        names.isEmpty() ? "" : names.getFirst(),
        "",
        afterWhatPassed(reason + wanted(rules)));
  }

  /** What would have had to match for the flow to be allowed. */
  private static String wanted(List<Named> rules) {
    if (rules.isEmpty()) {
      return "";
    }
    var more = rules.size() - MOST_TOLD;
    return rules.stream()
            .limit(MOST_TOLD)
            .map(Named::withMatch)
            .collect(Collectors.joining(", ", "; what would have had to match: ", ""))
        + (more > 0 ? " and " + more + " more" : "");
  }

  private End end(Outcome outcome, Tier tier, Optional<Named> rule, String reason) {
    return new End(
        outcome,
        tier,
        rule.map(r -> r.policy().display()).orElse(""),
        rule.map(Named::rule).orElse(""),
        afterWhatPassed(reason));
  }

  private String afterWhatPassed(String reason) {
    return passed.isEmpty() ? reason : String.join("; ", passed) + "; " + reason;
  }

  private String name() {
    return "pod " + pod.key().namespace() + "/" + pod.key().name();
  }

  private static String in(TrafficPath way) {
    return switch (way.direction()) {
      case INGRESS -> "ingress";
      case EGRESS -> "egress";
    };
  }
}
