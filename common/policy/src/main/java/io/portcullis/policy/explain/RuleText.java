package io.portcullis.policy.explain;

import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.LabelSelector.Requirement;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.PortSpec;
import io.portcullis.net.Cidr;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Describes in words what a rule matches, in a text that does not grow with the rule. */
public final class RuleText {
  private static final int MAX_LISTED = 5;

  private RuleText() {}

  /**
   * Returns a text like {@code pods app=web of the same namespace on tcp/80}, or why the rule was
   * refused and what holds instead.
   */
  static String of(PolicyRule rule) {
    return rule.refused()
        .map(reason -> "refused: " + reason + "; it now matches " + matched(rule))
        .orElseGet(() -> matched(rule));
  }

  private static String matched(PolicyRule rule) {
    if (rule.peers().filter(List::isEmpty).isPresent()
        || rule.ports().filter(List::isEmpty).isPresent()) {
      return "nothing";
    }
    return rule.peers().map(list -> listed(list, RuleText::peer, " or ")).orElse("everyone")
        + rule.ports().map(list -> " on " + listed(list, RuleText::port, " or ")).orElse("");
  }

  /** Returns the first items and how many more there are. */
  public static <T> String listed(Collection<T> items, Function<T, String> text, String separator) {
    var more = items.size() - MAX_LISTED;
    return items.stream().limit(MAX_LISTED).map(text).collect(Collectors.joining(separator))
        + (more > 0 ? " and " + more + " more" : "");
  }

  /** Returns a text like {@code pods app=web of the same namespace}. */
  public static String peer(Peer peer) {
    return switch (peer) {
      case Peer.Pods(var namespaces, var pods) ->
          pods.map(selector -> selected("pods", selector)).orElse("all pods")
              + namespaces
                  .map(selector -> " of " + selected("namespaces", selector))
                  .orElse(" of the same namespace");
      case Peer.Block(var cidr, var except) ->
          cidr + (except.isEmpty() ? "" : " without " + listed(except, Cidr::toString, ", "));
      case Peer.Nodes(var selector) -> selected("nodes", selector);
    };
  }

  private static String port(PortSpec port) {
    return switch (port) {
      case PortSpec.Numbered(var range) ->
          range.isAll() ? range.protocol().nft() : range.toString();
      case PortSpec.Named(var protocol, var name) -> protocol.nft() + "/" + name;
    };
  }

  private static String selected(String what, LabelSelector selector) {
    return selector.equals(LabelSelector.EVERYTHING)
        ? "all " + what
        : what + " " + labels(selector);
  }

  /** Returns a text like {@code app=web, tier in (a, b)}; empty for a selector of everything. */
  public static String labels(LabelSelector selector) {
    return listed(
        Stream.concat(
                selector.matchLabels().entrySet().stream().map(RuleText::label),
                selector.expressions().stream().map(RuleText::requirement))
            .toList(),
        Function.identity(),
        ", ");
  }

  private static String label(Map.Entry<String, String> label) {
    return label.getKey() + "=" + label.getValue();
  }

  private static String requirement(Requirement requirement) {
    var values = listed(requirement.values(), Function.identity(), ", ");
    return switch (requirement.operator()) {
      case IN -> requirement.key() + " in (" + values + ")";
      case NOT_IN -> requirement.key() + " not in (" + values + ")";
      case EXISTS -> "with " + requirement.key();
      case DOES_NOT_EXIST -> "without " + requirement.key();
    };
  }
}
