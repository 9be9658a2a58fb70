package io.portcullis.policy.lint;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.Peer;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Finds subjects and peers that select nothing. */
final class SelectionLint {
  private final Surroundings surroundings;
  private final Consumer<Finding> found;

  SelectionLint(Surroundings surroundings, Consumer<Finding> found) {
    this.surroundings = surroundings;
    this.found = found;
  }

  void check(ClusterObject policy) {
    subject(policy);
    for (var rule : WrittenRule.of(policy)) {
      for (var i = 0; i < rule.peers().size(); i++) {
        peer(rule, i);
      }
    }
  }

  /** Returns the pods that a policy is for, as a peer would select them. */
  static Peer.Pods subjectOf(ClusterObject policy) {
    return switch (policy) {
      case NetworkPolicy p -> new Peer.Pods(Optional.empty(), Optional.of(p.subjects())); // N1
      case TieredPolicy p -> p.subject();
      case ClusterObject.Pod _, ClusterObject.Namespace _, ClusterObject.Node _ ->
          throw new IllegalArgumentException("not a policy: " + policy.key());
    };
  }

  private static String subjectField(ClusterObject policy) {
    return policy instanceof NetworkPolicy ? "spec.podSelector" : "spec.subject";
  }

  private void subject(ClusterObject policy) {
    var subject = subjectOf(policy);
    var field = subjectField(policy);
    var contradiction = contradiction(subject);
    if (contradiction.isPresent()) {
      found.accept(Finding.of(Check.CONTRADICTORY_SELECTOR, policy, field, contradiction.get()));
      return;
    }
    nothing(subject, policy.key().namespace())
        .ifPresent(
            why -> found.accept(Finding.of(Check.SUBJECT_SELECTS_NOTHING, policy, field, why)));
  }

  private void peer(WrittenRule rule, int index) {
    var why =
        switch (rule.peers().get(index)) {
          case Peer.Pods peer -> {
            var contradiction = contradiction(peer);
            if (contradiction.isPresent()) {
              found.accept(
                  Finding.of(
                      Check.CONTRADICTORY_SELECTOR,
                      rule,
                      rule.peerField(index),
                      contradiction.get()));
              yield Optional.<String>empty();
            }
            yield nothing(peer, rule.policy().key().namespace());
          }
          case Peer.Nodes(var nodes) -> noNode(nodes);
          case Peer.Block _ -> Optional.<String>empty();
        };
    why.ifPresent(
        text ->
            found.accept(
                Finding.of(Check.PEER_SELECTS_NOTHING, rule, rule.peerField(index), text)));
  }

  private static Optional<String> contradiction(Peer.Pods peer) {
    return Stream.concat(peer.namespaces().stream(), peer.pods().stream())
        .flatMap(selector -> SelectorSense.contradictoryKey(selector).stream())
        .findFirst()
        .map(key -> "no value of label " + key + " satisfies the selector");
  }

  private Optional<String> nothing(Peer.Pods peer, String home) {
    var namespaces = peer.namespaces();
    if (namespaces.isPresent()) {
      if (!surroundings.knowNamespaces()) {
        return Optional.empty();
      }
      if (surroundings.namespaces(namespaces.get()).findAny().isEmpty()) {
        return Optional.of("no namespace matches: " + Words.of(namespaces.get()));
      }
    }
    if (!surroundings.knowPods() || surroundings.selected(peer, home).findAny().isPresent()) {
      return Optional.empty();
    }
    var pods = peer.pods().orElse(LabelSelector.EVERYTHING);
    if (namespaces.isPresent()) {
      return Optional.of("no pod of the matching namespaces matches: " + Words.of(pods));
    }
    if (surroundings.selected(home, LabelSelector.EVERYTHING).isEmpty()) {
      return Optional.of("namespace " + home + " has no pod that a policy can select");
    }
    var onHost = surroundings.onHostNetwork(home, pods);
    return Optional.of(
        onHost.isEmpty()
            ? "no pod of namespace " + home + " matches: " + Words.of(pods)
            : "only pods on their node's network match, which no policy selects: " // T6
                + Words.pods(onHost));
  }

  private Optional<String> noNode(LabelSelector nodes) {
    return surroundings.nodes().isEmpty()
            || surroundings.nodes().stream().anyMatch(node -> nodes.matches(node.labels()))
        ? Optional.empty()
        : Optional.of("no node matches: " + Words.of(nodes));
  }
}
