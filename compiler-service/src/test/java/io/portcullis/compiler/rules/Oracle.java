package io.portcullis.compiler.rules;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.Namespace;
import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.PortSpec;
import io.portcullis.net.Cidr;
import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a policy means, written to be read beside its specification: naive, slow, alone. */
final class Oracle {
  private final List<? extends ClusterObject> objects;

  Oracle(List<? extends ClusterObject> objects) {
    this.objects = objects;
  }

  /** T1. */
  boolean allowed(Flow flow) {
    return end(Direction.EGRESS, flow.source(), flow.destination(), flow.port())
        && end(Direction.INGRESS, flow.destination(), flow.source(), flow.port());
  }

  private boolean end(
      Direction direction, IpAddress subject, IpAddress peer, Optional<Flow.Port> port) {
    var pod = podAt(subject);
    if (pod.isEmpty()) {
      return true; // T1
    }
    if (subject.equals(peer)) {
      return true; // T4
    }
    var isolated = false;
    var annotated = false;
    for (var object : objects) {
      if (object instanceof Namespace namespace
          && namespace.key().name().equals(pod.get().key().namespace())
          && namespace.ingressDefaultDeny()
          && direction == Direction.INGRESS) {
        annotated = true; // L1
      }
    }
    var rules = new ArrayList<Map.Entry<NetworkPolicy, PolicyRule>>();
    for (var object : objects) {
      if (!(object instanceof NetworkPolicy policy)
          || !policy.key().namespace().equals(pod.get().key().namespace())
          || !policy.subjects().matches(pod.get().labels())) {
        continue;
      }
      var speaks =
          policy.key().group().equals("extensions")
              ? annotated // L3
              : policy.types().contains(direction); // N2
      if (speaks) {
        isolated = true; // N3
        for (var rule : direction == Direction.INGRESS ? policy.ingress() : policy.egress()) {
          rules.add(Map.entry(policy, rule));
        }
      }
    }
    if (!isolated && !annotated) {
      return true;
    }
    return rules.stream()
        .anyMatch(
            r -> matches(r.getKey(), r.getValue(), direction, pod.get(), peer, port)); // N3, N4
  }

  private boolean matches(
      NetworkPolicy policy,
      PolicyRule rule,
      Direction direction,
      Pod subject,
      IpAddress peer,
      Optional<Flow.Port> port) {
    if (rule.ports().isEmpty()) { // N5
      return rule.peers().isEmpty()
          || rule.peers().get().stream().anyMatch(p -> peerMatches(policy, p, peer));
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
                  || rule.peers().get().stream().anyMatch(p -> peerMatches(policy, p, peer)))) {
            return true; // N8
          }
        }
        case PortSpec.Named(var protocol, var name) -> { // N9
          var destination = direction == Direction.INGRESS ? Optional.of(subject) : podAt(peer);
          var here =
              destination.isPresent()
                  && destination.get().ports().stream()
                      .anyMatch(
                          p ->
                              p.name().equals(name)
                                  && p.protocol() == protocol
                                  && protocol == port.get().protocol()
                                  && p.number() == port.get().number());
          var peers =
              rule.peers().isEmpty()
                  || rule.peers().get().stream()
                      .filter(p -> direction == Direction.INGRESS || p instanceof Peer.Pods)
                      .anyMatch(p -> peerMatches(policy, p, peer));
          if (here && peers) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private boolean peerMatches(NetworkPolicy policy, Peer peer, IpAddress address) {
    return switch (peer) {
      case Peer.Block(var cidr, var except) -> // N7
          inside(cidr, address) && except.stream().noneMatch(hole -> inside(hole, address));
      case Peer.Pods(var namespaces, var pods) -> { // N6
        var pod = podAt(address);
        yield pod.isPresent()
            && (namespaces.isEmpty()
                ? pod.get().key().namespace().equals(policy.key().namespace())
                : namespaces.get().matches(namespaceLabels(pod.get().key().namespace())))
            && (pods.isEmpty() || pods.get().matches(pod.get().labels()));
      }
    };
  }

  private static boolean inside(Cidr cidr, IpAddress address) {
    if (cidr.family() != address.family()) {
      return false;
    }
    var host = cidr.family().bits() - cidr.length();
    BigInteger a = address.value().shiftRight(host);
    return a.equals(cidr.network().value().shiftRight(host));
  }

  private Map<String, String> namespaceLabels(String name) {
    for (var object : objects) {
      if (object instanceof Namespace namespace && namespace.key().name().equals(name)) {
        return namespace.labels();
      }
    }
    return Map.of("kubernetes.io/metadata.name", name); // T12
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
    if (one.createdMicros() != other.createdMicros()) {
      return one.createdMicros() > other.createdMicros();
    }
    if (!one.origin().uid().equals(other.origin().uid())) {
      return one.origin().uid().compareTo(other.origin().uid()) > 0;
    }
    return one.key().compareTo(other.key()) > 0; // manifests have neither: the later name wins
  }
}
