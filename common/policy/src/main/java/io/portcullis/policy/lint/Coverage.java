package io.portcullis.policy.lint;

import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.PortSpec;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/**
 * Tells whether one description of pods or traffic includes another, whatever pods there are. It
 * goes by how they are written: true is certain, false is not.
 */
final class Coverage {
  private Coverage() {}

  /** Returns whether the wide rule matches all that the narrow one does, in one namespace. */
  static boolean covers(PolicyRule wide, PolicyRule narrow) {
    return all(wide.peers(), narrow.peers(), Coverage::covers)
        && all(wide.ports(), narrow.ports(), Coverage::covers);
  }

  /** Returns the rule as rules of one peer and one port each; they match the same together. */
  static List<PolicyRule> parts(PolicyRule rule) {
    return each(rule.peers())
        .flatMap(peers -> each(rule.ports()).map(ports -> new PolicyRule(peers, ports)))
        .toList();
  }

  private static <T> Stream<Optional<List<T>>> each(Optional<List<T>> items) {
    return items
        .map(all -> all.stream().map(item -> Optional.of(List.of(item))))
        .orElseGet(() -> Stream.of(Optional.empty()));
  }

  /** Absent is everything. */
  private static <T> boolean all(
      Optional<List<T>> wide, Optional<List<T>> narrow, BiPredicate<T, T> covers) {
    return wide.isEmpty()
        || narrow
            .filter(
                items ->
                    items.stream()
                        .allMatch(
                            item ->
                                wide.get().stream().anyMatch(other -> covers.test(other, item))))
            .isPresent();
  }

  static boolean covers(Peer wide, Peer narrow) {
    return switch (wide) {
      case Peer.Pods pods -> narrow instanceof Peer.Pods other && covers(pods, other);
      case Peer.Block block -> narrow instanceof Peer.Block other && covers(block, other);
      case Peer.Nodes(var nodes) -> narrow instanceof Peer.Nodes(var other) && covers(nodes, other);
    };
  }

  /** An absent selector of namespaces is the policies' own namespace, one for both. */
  private static boolean covers(Peer.Pods wide, Peer.Pods narrow) {
    var sameNamespaces =
        wide.namespaces().equals(narrow.namespaces())
            || wide.namespaces().filter(LabelSelector.EVERYTHING::equals).isPresent();
    return sameNamespaces
        && covers(
            wide.pods().orElse(LabelSelector.EVERYTHING),
            narrow.pods().orElse(LabelSelector.EVERYTHING));
  }

  static boolean covers(LabelSelector wide, LabelSelector narrow) {
    return wide.equals(LabelSelector.EVERYTHING) || wide.equals(narrow);
  }

  private static boolean covers(Peer.Block wide, Peer.Block narrow) {
    return wide.cidr().family() == narrow.cidr().family()
        && BlockLint.ranges(narrow).stream()
            .allMatch(range -> range.minus(BlockLint.ranges(wide)).isEmpty());
  }

  private static boolean covers(PortSpec wide, PortSpec narrow) {
    if (wide.equals(narrow)) {
      return true;
    }
    return wide instanceof PortSpec.Numbered(var range)
        && switch (narrow) {
          case PortSpec.Numbered(var other) ->
              range.contains(other.protocol(), other.first())
                  && range.contains(other.protocol(), other.last());
          case PortSpec.Named(var protocol, _) -> range.isAll() && range.protocol() == protocol;
        };
  }
}
