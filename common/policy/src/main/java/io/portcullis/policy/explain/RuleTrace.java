package io.portcullis.policy.explain;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.InForce;
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
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Finds the rule behind a verdict. It tries the rules of a pod's policies in the order in which
 * they decide (A1, A2), and asks of each whether it matches alone.
 */
final class RuleTrace {
  private static final int MAX_NAMED = 3;

  private final Selection selection;
  private final Pod pod;
  private final TrafficPath path;
  private final Optional<Pod> destination;
  private final Matcher matcher;
  private final List<String> passed = new ArrayList<>();

  /** Tells whether a rule of a policy matches the flow. */
  interface Matcher {
    boolean matches(ObjectKey policy, PolicyRule rule);
  }

  /** A rule as its policy names it. */
  private record Named(ClusterObject policy, int index, String name, PolicyRule match) {
    String rule() {
      return name.isEmpty() ? Integer.toString(index) : index + " (" + name + ")";
    }

    String text() {
      return "rule " + rule() + " of " + policy.key().display();
    }

    String withMatch() {
      return text() + " (" + RuleText.of(match) + ")";
    }
  }

  /**
   * @param destination the pod that the flow goes to, where names of ports are looked up (N9);
   *     empty: it goes to no pod
   */
  RuleTrace(
      Selection selection, Pod pod, TrafficPath path, Optional<Pod> destination, Matcher matcher) {
    this.selection = selection;
    this.pod = pod;
    this.path = path;
    this.destination = destination;
    this.matcher = matcher;
  }

  /** Returns what decides, and why. */
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
                        + in(path)
                        + " of "
                        + name()
                        + " accepts or denies it, so it is allowed"));
  }

  /** Tries the rules of a tier, until one decides or passes the flow on (A2, A3). */
  private Optional<End> tier(List<TieredPolicy> policies, Tier tier) {
    var before = new ArrayList<Named>();
    for (var policy : policies) {
      var rules = policy.rules(path.direction());
      for (var i = 0; i < rules.size(); i++) {
        var rule = rules.get(i);
        var named = new Named(policy, i, rule.name(), rule.match());
        if (matcher.matches(policy.key(), rule.match())) {
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
              end(
                  Outcome.ALLOWED,
                  tier,
                  Optional.of(rule),
                  rule.withMatch() + " matches and accepts"));
      case DENY ->
          Optional.of(
              end(
                  Outcome.DENIED,
                  tier,
                  Optional.of(rule),
                  rule.withMatch() + " matches and denies" + wanted(before)));
      case PASS -> {
        passed.add(rule.withMatch() + " passes it on");
        yield Optional.empty();
      }
    };
  }

  /** Tries the rules of NetworkPolicies, which decide for an isolated pod (N3, N4, A5). */
  private Optional<End> networkPolicies() {
    if (selection.networkPolicies().isEmpty() || path == TrafficPath.TO_OWN_NODE) { // T5
      return Optional.empty();
    }
    var policies = selection.networkPolicies().get();
    var rules = new ArrayList<Named>();
    for (var policy : policies) {
      var written = policy.rules(path.direction());
      for (var i = 0; i < written.size(); i++) {
        rules.add(new Named(policy, i, "", written.get(i)));
      }
    }
    return rules.stream()
        .filter(rule -> matcher.matches(rule.policy().key(), rule.match()))
        .findFirst()
        .map(
            rule ->
                end(
                    Outcome.ALLOWED,
                    Tier.NETWORK_POLICY,
                    Optional.of(rule),
                    rule.withMatch() + " matches"))
        .or(() -> Optional.of(isolated(policies, rules)));
  }

  private End isolated(List<NetworkPolicy> policies, List<Named> rules) {
    var refusal = InForce.of(pod);
    if (pod.origin().failClosed() && refusal.isPresent()) { // N10
      return end(
          Outcome.DENIED,
          Tier.NETWORK_POLICY,
          Optional.empty(),
          name() + " was refused; " + refusal.get().text());
    }
    var names = policies.stream().map(policy -> policy.key().display()).toList();
    var reason =
        names.isEmpty()
            ? "namespace " + pod.key().namespace() + " is isolated and nothing is allowed" // L1
            : name()
                + " is isolated for "
                + in(path)
                + " and no rule matches of "
                + RuleText.listed(names, Function.identity(), ", ");
    return new End(
        Outcome.DENIED,
        Tier.NETWORK_POLICY,
        names.isEmpty() ? "" : names.getFirst(),
        "",
        afterWhatPassed(reason + wanted(rules) + refused(policies)));
  }

  /** Returns the rules that would have allowed the flow. */
  private String wanted(List<Named> rules) {
    if (rules.isEmpty()) {
      return "";
    }
    var more = rules.size() - MAX_NAMED;
    return rules.stream()
            .limit(MAX_NAMED)
            .map(Named::withMatch)
            .collect(Collectors.joining(", ", "; what would have had to match: ", ""))
        + (more > 0 ? " and " + more + " more" : "")
        + PortNames.missing(rules.stream().map(Named::match).toList(), destination);
  }

  private End end(Outcome outcome, Tier tier, Optional<Named> rule, String reason) {
    return new End(
        outcome,
        tier,
        rule.map(r -> r.policy().key().display()).orElse(""),
        rule.map(Named::rule).orElse(""),
        afterWhatPassed(reason + refused(rule.map(Named::policy).stream().toList())));
  }

  /** Returns what is in force of those of the policies that were refused (N10). */
  private static String refused(List<? extends ClusterObject> policies) {
    var refused =
        policies.stream()
            .flatMap(
                policy ->
                    InForce.of(policy)
                        .map(form -> "; " + policy.key().display() + ": " + form.text())
                        .stream())
            .toList();
    return RuleText.listed(refused, Function.identity(), "");
  }

  private String afterWhatPassed(String reason) {
    return passed.isEmpty() ? reason : String.join("; ", passed) + "; " + reason;
  }

  private String name() {
    return "pod " + pod.key().namespace() + "/" + pod.key().name();
  }

  private static String in(TrafficPath path) {
    return switch (path.direction()) {
      case INGRESS -> "ingress";
      case EGRESS -> "egress";
    };
  }
}
