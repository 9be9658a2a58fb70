package io.portcullis.oracle;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.Namespace;
import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.Node;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.PortSpec;
import io.portcullis.cluster.Tier;
import io.portcullis.cluster.TieredRule;
import io.portcullis.net.Cidr;
import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides what policies mean, as a second and independent reading of the specification. It is
 * written to be read beside the specification: naive, slow, and sharing nothing with the compiler.
 */
public final class Oracle {
  private final List<ClusterObject> objects;
  private final Set<String> exemptNamespaces;

  /**
   * Creates an oracle for a cluster.
   *
   * @param objects all objects of the cluster
   * @param exemptNamespaces the namespaces whose pods no policy selects (T13)
   */
  public Oracle(Collection<? extends ClusterObject> objects, Set<String> exemptNamespaces) {
    this.objects = List.copyOf(objects);
    this.exemptNamespaces = Set.copyOf(exemptNamespaces);
  }

  /** Returns whether the policies allow a new connection (T1). */
  public boolean allowed(Flow flow) {
    if (flow.source().equals(flow.destination())) {
      return true; // T4
    }
    return bothEnds(flow);
  }

  /** Returns whether the policies allow a pod to reach itself through a service (T4, A12). */
  public boolean allowedThroughService(IpAddress pod, Optional<Flow.Port> port) {
    return bothEnds(new Flow(pod, pod, port));
  }

  private boolean bothEnds(Flow flow) {
    return end(Direction.EGRESS, flow.source(), flow.destination(), flow.port())
        && end(Direction.INGRESS, flow.destination(), flow.source(), flow.port());
  }

  private boolean end(
      Direction direction, IpAddress subject, IpAddress peer, Optional<Flow.Port> port) {
    var found = podAt(subject);
    if (found.isEmpty()) {
      return true; // T1
    }
    var pod = found.get();
    if (exemptNamespaces.contains(pod.key().namespace())) { // T13
      return true;
    }
    var ownNode = isNodeOf(pod, peer);
    if (ownNode && direction == Direction.INGRESS) {
      return true; // T5
    }
    if (pod.origin().failClosed()) {
      return ownNode; // N10: closed as if isolated (T5)
    }
    var admin = tier(Tier.ADMIN, pod, direction, peer, port); // A1
    if (admin.equals(Optional.of(TieredRule.Action.ACCEPT))) {
      return true; // A3
    }
    if (admin.equals(Optional.of(TieredRule.Action.DENY))) {
      return false; // A3
    }
    var annotated = annotated(pod, direction);
    var speaking = speaking(pod, direction, annotated);
    if (!speaking.isEmpty() || annotated) { // A5: final
      return ownNode // T5
          || subject.equals(peer) // T4
          || speaking.stream().anyMatch(policy -> allows(policy, direction, pod, peer, port));
    }
    var baseline = tier(Tier.BASELINE, pod, direction, peer, port);
    return !baseline.equals(Optional.of(TieredRule.Action.DENY)); // A1
  }

  /** Returns the action of the first rule that matches, if any does (A2). */
  private Optional<TieredRule.Action> tier(
      Tier tier, Pod pod, Direction direction, IpAddress peer, Optional<Flow.Port> port) {
    var policies = new ArrayList<TieredPolicy>();
    for (var object : objects) {
      if (object instanceof TieredPolicy policy && policy.tier() == tier) {
        policies.add(policy);
      }
    }
    while (!policies.isEmpty()) {
      var next = policies.getFirst();
      for (var policy : policies) {
        if (decidesBefore(policy, next)) {
          next = policy;
        }
      }
      policies.remove(next);
      if (!podMatches(next.subject(), "", pod)) { // A6
        continue;
      }
      for (var rule : direction == Direction.INGRESS ? next.ingress() : next.egress()) {
        if (matches("", rule.match(), direction, pod, peer, port)) {
          return Optional.of(rule.action());
        }
      }
    }
    return Optional.empty();
  }

  private static boolean decidesBefore(TieredPolicy one, TieredPolicy other) { // A2, A4
    if (one.priority() != other.priority()) {
      return one.priority() < other.priority();
    }
    if (!one.key().name().equals(other.key().name())) {
      return one.key().name().compareTo(other.key().name()) < 0;
    }
    return one.key().kind().compareTo(other.key().kind()) < 0;
  }

  private boolean annotated(Pod pod, Direction direction) { // L1
    for (var object : objects) {
      if (object instanceof Namespace namespace
          && namespace.key().name().equals(pod.key().namespace())
          && namespace.ingressDefaultDeny()
          && direction == Direction.INGRESS) {
        return true;
      }
    }
    return false;
  }

  private List<NetworkPolicy> speaking(Pod pod, Direction direction, boolean annotated) {
    var speaking = new ArrayList<NetworkPolicy>();
    for (var object : objects) {
      if (object instanceof NetworkPolicy policy
          && policy.key().namespace().equals(pod.key().namespace())
          && policy.subjects().matches(pod.labels())
          && (policy.key().group().equals("extensions")
              ? annotated // L3
              : policy.types().contains(direction))) { // N2
        speaking.add(policy);
      }
    }
    return speaking;
  }

  private boolean allows( // N3, N4
      NetworkPolicy policy,
      Direction direction,
      Pod pod,
      IpAddress peer,
      Optional<Flow.Port> port) {
    for (var rule : direction == Direction.INGRESS ? policy.ingress() : policy.egress()) {
      if (matches(policy.key().namespace(), rule, direction, pod, peer, port)) {
        return true;
      }
    }
    return false;
  }

  private boolean matches(
      String policyNamespace,
      PolicyRule rule,
      Direction direction,
      Pod subject,
      IpAddress peer,
      Optional<Flow.Port> port) {
    if (rule.ports().isEmpty()) { // N5, A9
      return rule.peers().isEmpty()
          || rule.peers().get().stream().anyMatch(p -> peerMatches(policyNamespace, p, peer));
    }
    if (port.isEmpty()) {
      return false; // N5: ICMP
    }
    for (var spec : rule.ports().get()) {
      switch (spec) {
        case PortSpec.Numbered(var range) -> {
          if (range.protocol() == port.get().protocol()
              && range.first() <= port.get().number()
              && port.get().number() <= range.last()
              && (rule.peers().isEmpty()
                  || rule.peers().get().stream()
                      .anyMatch(p -> peerMatches(policyNamespace, p, peer)))) {
            return true; // N8
          }
        }
        case PortSpec.Named named -> { // N9, A9
          var destination = direction == Direction.INGRESS ? Optional.of(subject) : podAt(peer);
          var peers =
              rule.peers().isEmpty()
                  || rule.peers().get().stream()
                      .filter(p -> direction == Direction.INGRESS || p instanceof Peer.Pods)
                      .anyMatch(p -> peerMatches(policyNamespace, p, peer));
          if (peers && destination.isPresent() && has(destination.get(), named, port.get())) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static boolean has(Pod destination, PortSpec.Named named, Flow.Port port) {
    return destination.ports().stream()
        .anyMatch(
            p ->
                p.name().equals(named.name())
                    && p.protocol() == named.protocol()
                    && p.protocol() == port.protocol()
                    && p.number() == port.number());
  }

  private boolean peerMatches(String policyNamespace, Peer peer, IpAddress address) {
    return switch (peer) {
      case Peer.Block(var cidr, var except) -> // N7, A7
          inside(cidr, address) && except.stream().noneMatch(hole -> inside(hole, address));
      case Peer.Pods pods -> {
        var pod = podAt(address);
        yield pod.isPresent() && podMatches(pods, policyNamespace, pod.get());
      }
      case Peer.Nodes(var selector) -> { // A7
        for (var object : objects) {
          if (object instanceof Node node
              && selector.matches(node.labels())
              && node.addresses().contains(address)) {
            yield true;
          }
        }
        yield false;
      }
    };
  }

  private boolean podMatches(Peer.Pods selected, String policyNamespace, Pod pod) { // N6, A6, A7
    var namespace = pod.key().namespace();
    return (selected.namespaces().isEmpty()
            ? namespace.equals(policyNamespace)
            : selected.namespaces().get().matches(namespaceLabels(namespace)))
        && (selected.pods().isEmpty() || selected.pods().get().matches(pod.labels()));
  }

  private static boolean inside(Cidr cidr, IpAddress address) {
    if (cidr.family() != address.family()) {
      return false;
    }
    var host = cidr.family().bits() - cidr.length();
    return address.value().shiftRight(host).equals(cidr.network().value().shiftRight(host));
  }

  private Map<String, String> namespaceLabels(String name) {
    for (var object : objects) {
      if (object instanceof Namespace namespace && namespace.key().name().equals(name)) {
        return namespace.labels();
      }
    }
    return Map.of("kubernetes.io/metadata.name", name); // T12
  }

  private boolean isNodeOf(Pod pod, IpAddress address) {
    for (var object : objects) {
      if (object instanceof Node node
          && node.key().name().equals(pod.node())
          && node.addresses().contains(address)) {
        return podAt(address).isEmpty();
      }
    }
    return false;
  }

  private Optional<Pod> podAt(IpAddress address) {
    Pod best = null;
    for (var object : objects) {
      if (object instanceof Pod pod
          && pod.addresses().contains(address)
          && !pod.finished() // T7
          && !pod.hostNetwork() // T6
          && (best == null || newer(pod, best))) { // T11
        best = pod;
      }
    }
    return Optional.ofNullable(best);
  }

  private static boolean newer(Pod one, Pod other) {
    if (one.origin().failClosed() != other.origin().failClosed()) {
      return other.origin().failClosed(); // N10: a refused pod takes no address from a valid one
    }
    if (one.createdMicros() != other.createdMicros()) {
      return one.createdMicros() > other.createdMicros();
    }
    if (!one.origin().uid().equals(other.origin().uid())) {
      return one.origin().uid().compareTo(other.origin().uid()) > 0;
    }
    return one.key().compareTo(other.key()) > 0; // manifests have neither: the later name wins
  }
}
