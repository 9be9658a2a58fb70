package io.portcullis.policy.lint;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.PortSpec;
import io.portcullis.net.Protocol;
import io.portcullis.policy.explain.RuleText;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Finds rules that mean something else than they seem to. */
final class RuleLint {
  private final Surroundings surroundings;
  private final BlockLint blocks;
  private final Consumer<Finding> found;

  RuleLint(Surroundings surroundings, Consumer<Finding> found) {
    this.surroundings = surroundings;
    this.blocks = new BlockLint(surroundings, found);
    this.found = found;
  }

  void check(ClusterObject policy) {
    if (policy instanceof NetworkPolicy networkPolicy) {
      unlistedDirections(networkPolicy);
      legacy(networkPolicy);
    }
    for (var rule : WrittenRule.of(policy)) {
      if (policy instanceof NetworkPolicy) {
        separatePeers(rule);
      }
      portNames(rule);
      blocks.check(rule);
    }
  }

  private void unlistedDirections(NetworkPolicy policy) { // N2
    if (policy.legacy()) {
      return;
    }
    for (var direction : Direction.values()) {
      if (!policy.types().contains(direction) && !policy.rules(direction).isEmpty()) {
        found.accept(
            Finding.of(
                Check.UNLISTED_DIRECTION,
                policy,
                WrittenRule.section(direction),
                "policyTypes lists only "
                    + policy.types().stream().map(RuleLint::type).findFirst().orElse("nothing")));
      }
    }
  }

  private static String type(Direction direction) {
    return switch (direction) {
      case INGRESS -> "Ingress";
      case EGRESS -> "Egress";
    };
  }

  private void legacy(NetworkPolicy policy) { // L3
    if (!policy.legacy()) {
      return;
    }
    surroundings
        .namespace(policy.key().namespace())
        .filter(namespace -> !namespace.ingressDefaultDeny())
        .ifPresent(
            namespace ->
                found.accept(
                    Finding.of(
                        Check.LEGACY_WITHOUT_ISOLATION,
                        policy,
                        "apiVersion",
                        "namespace " + namespace.key().name() + " is not isolated")));
  }

  private void separatePeers(WrittenRule rule) {
    var namespaces =
        rule.podPeers().filter(p -> p.namespaces().isPresent() && p.pods().isEmpty()).findFirst();
    var pods =
        rule.podPeers().filter(p -> p.namespaces().isEmpty() && p.pods().isPresent()).findFirst();
    if (namespaces.isPresent() && pods.isPresent()) {
      found.accept(
          Finding.of(
              Check.SEPARATE_PEERS,
              rule,
              rule.peersField(),
              "matches "
                  + RuleText.peer(namespaces.get())
                  + ", and also "
                  + RuleText.peer(pods.get())));
    }
  }

  /** A name may be asked for with several protocols at once (A9): one that is known is enough. */
  private void portNames(WrittenRule rule) { // N9
    var wanted = new TreeMap<String, Set<Protocol>>();
    for (var port : rule.match().ports().orElse(List.of())) {
      if (port instanceof PortSpec.Named(var protocol, var name)) {
        wanted.computeIfAbsent(name, _ -> new TreeSet<>()).add(protocol);
      }
    }
    if (wanted.isEmpty()) {
      return;
    }
    if (rule.direction() == Direction.EGRESS
        && !rule.peers().isEmpty()
        && rule.podPeers().findAny().isEmpty()) {
      found.accept(
          Finding.of(
              Check.PORT_NAME_OF_ADDRESSES,
              rule,
              rule.portsField(),
              "port "
                  + String.join(", ", wanted.keySet())
                  + " of "
                  + RuleText.listed(rule.peers(), RuleText::peer, " or ")));
      return;
    }
    wanted.forEach((name, protocols) -> unknownName(rule, name, protocols));
  }

  private void unknownName(WrittenRule rule, String name, Set<Protocol> protocols) {
    var destinations = destinations(rule).toList();
    var ports =
        destinations.stream()
            .flatMap(pod -> pod.ports().stream())
            .filter(port -> port.name().equals(name))
            .toList();
    if (destinations.isEmpty()
        || ports.stream().anyMatch(port -> protocols.contains(port.protocol()))) {
      return;
    }
    var other = ports.stream().findFirst();
    found.accept(
        Finding.of(
            Check.UNKNOWN_PORT_NAME,
            rule,
            rule.portsField(),
            other
                .map(
                    port ->
                        "port "
                            + name
                            + " is of protocol "
                            + port.protocol().nft()
                            + ", not "
                            + RuleText.listed(protocols, Protocol::nft, " or "))
                .orElseGet(
                    () ->
                        "none of these pods has a port "
                            + name
                            + ": "
                            + Words.pods(destinations))));
  }

  /** Returns the pods whose ports the rule's names mean. */
  private Stream<Pod> destinations(WrittenRule rule) {
    var home = rule.policy().key().namespace();
    return switch (rule.direction()) {
      case INGRESS -> surroundings.selected(SelectionLint.subjectOf(rule.policy()), home);
      case EGRESS ->
          rule.match().peers().isEmpty()
              ? surroundings.byNamespace().values().stream().flatMap(List::stream)
              : rule.podPeers().flatMap(peer -> surroundings.selected(peer, home)).distinct();
    };
  }
}
