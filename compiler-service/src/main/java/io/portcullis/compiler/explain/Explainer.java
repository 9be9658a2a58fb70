package io.portcullis.compiler.explain;

import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.Direction;
import io.portcullis.compiler.explain.Explanation.End;
import io.portcullis.compiler.explain.Explanation.Outcome;
import io.portcullis.compiler.explain.Explanation.Tier;
import io.portcullis.compiler.rules.RuleSetCompiler;
import io.portcullis.compiler.rules.Selection;
import io.portcullis.compiler.state.Cluster;
import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.Evaluator;
import io.portcullis.ruleset.Evaluator.Verdict;
import io.portcullis.ruleset.RuleSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Explains flows by the same rule sets that nodes enforce. Nothing is compiled before somebody asks
 * about a pod of its node. Any thread may ask.
 */
public final class Explainer {
  private final Cluster cluster;
  private final Set<String> exemptNamespaces;
  private final Map<String, RuleSet> ruleSets = new HashMap<>();
  private Optional<RuleSetCompiler> compiler = Optional.empty();

  public Explainer(Cluster cluster, Set<String> exemptNamespaces) {
    this.cluster = cluster;
    this.exemptNamespaces = Set.copyOf(exemptNamespaces);
  }

  private synchronized RuleSet ruleSet(Pod pod) {
    if (compiler.isEmpty()) {
      compiler = Optional.of(new RuleSetCompiler(cluster, exemptNamespaces));
    }
    return ruleSets.computeIfAbsent(pod.node(), compiler.get()::compile);
  }

  /** The verdict between two ends, for every pair of their addresses that can speak (T8). */
  public Answer answer(Question question) {
    return Answering.answer(cluster, question, this::explain);
  }

  /** The verdict on the first packet of a connection between these addresses (T1, T2). */
  public Explanation explain(Flow flow) {
    var egress = end(Direction.EGRESS, flow, flow.source());
    var ingress = end(Direction.INGRESS, flow, flow.destination());
    var allowed = egress.verdict() == Outcome.ALLOWED && ingress.verdict() == Outcome.ALLOWED;
    return new Explanation(Outcome.of(allowed), egress, ingress);
  }

  /** The verdict alone, the same as that of {@link #explain}, for who asks about many flows. */
  public boolean allows(Flow flow) {
    return allows(Direction.EGRESS, flow, flow.source())
        && allows(Direction.INGRESS, flow, flow.destination());
  }

  private boolean allows(Direction direction, Flow flow, IpAddress subject) {
    return cluster
        .owner(subject)
        .filter(pod -> unrestricted(pod, direction, flow).isEmpty())
        .map(pod -> Evaluator.decide(ruleSet(pod), direction, flow).allowed())
        .orElse(true); // T1
  }

  private End end(Direction direction, Flow flow, IpAddress subject) {
    var owner = cluster.owner(subject);
    if (owner.isEmpty()) {
      return silent(subject + " is not a pod of this cluster"); // T1
    }
    var pod = owner.get();
    return unrestricted(pod, direction, flow)
        .map(Explainer::silent)
        .orElseGet(() -> decided(pod, direction, flow));
  }

  private End decided(Pod pod, Direction direction, Flow flow) {
    return switch (Evaluator.decide(ruleSet(pod), direction, flow)) {
      case Verdict.NoPolicy _ ->
          silent("no policy isolates " + name(pod) + " for " + in(direction));
      case Verdict.Self _ -> silent(name(pod) + " reaches itself"); // T4
      case Verdict.ByRule rule -> byRule(rule, pod, direction, flow);
      case Verdict.ByEnd end -> byEnd(end, pod, direction);
    };
  }

  /** Why no rule is asked about a flow of this pod, if so. */
  private Optional<String> unrestricted(Pod pod, Direction direction, Flow flow) {
    if (pod.node().isEmpty()) {
      return Optional.of(name(pod) + " is on no node, so nothing enforces policies on it");
    }
    var peer =
        switch (direction) {
          case INGRESS -> flow.source();
          case EGRESS -> flow.destination();
        };
    return cluster
        .node(pod.node())
        .filter(node -> node.addresses().contains(peer) && cluster.owner(peer).isEmpty()) // T5
        .map(node -> peer + " is node " + node.key().name() + ", which " + name(pod) + " runs on");
  }

  private End byRule(Verdict.ByRule verdict, Pod pod, Direction direction, Flow flow) {
    for (var policy : selecting(pod, direction)) {
      var written = policy.rules(direction);
      for (var i = 0; i < written.size(); i++) {
        if (verdict.rule().causes().contains(policy.key().display() + "#" + i)
            && allowsAlone(policy, i, pod, direction, flow)) {
          return new End(
              Outcome.of(verdict.allowed()),
              Tier.NETWORK_POLICY,
              policy.key().display(),
              Integer.toString(i),
              "rule " + i + " of " + policy.key().display() + " matches");
        }
      }
    }
    throw new IllegalStateException(
        "rule of chain " + verdict.chain().id() + " matches, but none of its policies does");
  }

  /** Whether this rule alone, of all that its chain unites, lets the flow pass. */
  private boolean allowsAlone(
      NetworkPolicy policy, int index, Pod pod, Direction direction, Flow flow) {
    var only = List.of(policy.rules(direction).get(index));
    var alone =
        new NetworkPolicy(
            policy.key(),
            policy.origin(),
            policy.subjects(),
            Set.of(direction),
            direction == Direction.INGRESS ? only : List.of(),
            direction == Direction.EGRESS ? only : List.of());
    return Evaluator.decide(
            new RuleSetCompiler(cluster.withOnlyPolicy(alone), exemptNamespaces)
                .compile(pod.node()),
            direction,
            flow)
        .allowed();
  }

  private End byEnd(Verdict.ByEnd verdict, Pod pod, Direction direction) {
    var policies = selecting(pod, direction);
    var names = policies.stream().map(policy -> policy.key().display()).toList();
    var reason =
        policies.isEmpty()
            ? "namespace " + pod.key().namespace() + " is isolated and nothing is allowed" // L1
            : name(pod)
                + " is isolated for "
                + in(direction)
                + " and no rule matches of "
                + names.stream().collect(Collectors.joining(", "));
    return new End(
        Outcome.of(verdict.allowed()),
        Tier.NETWORK_POLICY,
        names.isEmpty() ? "" : names.getFirst(),
        "",
        reason);
  }

  private List<NetworkPolicy> selecting(Pod pod, Direction direction) {
    return Selection.policies(cluster, pod, direction).orElse(List.of());
  }

  private static End silent(String reason) {
    return new End(Outcome.ALLOWED, Tier.DEFAULT, "", "", reason);
  }

  private static String name(Pod pod) {
    return "pod " + pod.key().namespace() + "/" + pod.key().name();
  }

  private static String in(Direction direction) {
    return switch (direction) {
      case INGRESS -> "ingress";
      case EGRESS -> "egress";
    };
  }
}
