package io.portcullis.policy.explain;

import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.LabelSelector.Requirement;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.PortSpec;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Describes in words what a rule matches. */
final class RuleText {
  private RuleText() {}

  /** Returns a text like {@code pods app=web of the same namespace on tcp/80}. */
  static String of(PolicyRule rule) {
    return rule.peers().map(list -> listed(list, RuleText::peer)).orElse("everyone")
        + rule.ports().map(list -> " on " + listed(list, RuleText::port)).orElse("");
  }

  private static <T> String listed(List<T> items, Function<T, String> text) {
    return items.isEmpty()
        ? "nothing"
        : items.stream().map(text).collect(Collectors.joining(" or "));
  }

  private static String peer(Peer peer) {
    return switch (peer) {
      case Peer.Pods(var namespaces, var pods) ->
          pods.map(selector -> selected("pods", selector)).orElse("all pods")
              + namespaces
                  .map(selector -> " of " + selected("namespaces", selector))
                  .orElse(" of the same namespace");
      case Peer.Block(var cidr, var except) ->
          cidr
              + (except.isEmpty()
                  ? ""
                  : except.stream()
                      .map(Object::toString)
                      .collect(Collectors.joining(", ", " without ", "")));
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
        : Stream.concat(
                selector.matchLabels().entrySet().stream().map(RuleText::label),
                selector.expressions().stream().map(RuleText::requirement))
            .collect(Collectors.joining(", ", what + " ", ""));
  }

  private static String label(Map.Entry<String, String> label) {
    return label.getKey() + "=" + label.getValue();
  }

  private static String requirement(Requirement requirement) {
    var values = String.join(", ", requirement.values());
    return switch (requirement.operator()) {
      case IN -> requirement.key() + " in (" + values + ")";
      case NOT_IN -> requirement.key() + " not in (" + values + ")";
      case EXISTS -> "with " + requirement.key();
      case DOES_NOT_EXIST -> "without " + requirement.key();
    };
  }
}
