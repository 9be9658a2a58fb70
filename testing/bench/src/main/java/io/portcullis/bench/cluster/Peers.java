package io.portcullis.bench.cluster;

import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.PortSpec;
import io.portcullis.net.PortRange;
import io.portcullis.net.Protocol;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Short forms for parts of policies. */
final class Peers {
  static final PolicyRule EVERYTHING = new PolicyRule(Optional.empty(), Optional.empty());

  private Peers() {}

  static LabelSelector labels(String... keysAndValues) {
    return keysAndValues.length == 2
        ? LabelSelector.labels(Map.of(keysAndValues[0], keysAndValues[1]))
        : LabelSelector.labels(
            Map.of(keysAndValues[0], keysAndValues[1], keysAndValues[2], keysAndValues[3]));
  }

  /** Returns a peer for pods of the policy's own namespace. */
  static Peer here(LabelSelector pods) {
    return new Peer.Pods(Optional.empty(), Optional.of(pods));
  }

  static Peer pods(LabelSelector namespaces, LabelSelector pods) {
    return new Peer.Pods(Optional.of(namespaces), Optional.of(pods));
  }

  static PortSpec tcp(int port) {
    return new PortSpec.Numbered(PortRange.of(Protocol.TCP, port));
  }

  static PortSpec tcp(int first, int last) {
    return new PortSpec.Numbered(new PortRange(Protocol.TCP, first, last));
  }

  static PortSpec udp(int port) {
    return new PortSpec.Numbered(PortRange.of(Protocol.UDP, port));
  }

  static PortSpec named(String name) {
    return new PortSpec.Named(Protocol.TCP, name);
  }

  static PolicyRule rule(List<Peer> peers, PortSpec... ports) {
    return new PolicyRule(
        Optional.of(peers), ports.length == 0 ? Optional.empty() : Optional.of(List.of(ports)));
  }

  static PolicyRule everyone(PortSpec... ports) {
    return new PolicyRule(Optional.empty(), Optional.of(List.of(ports)));
  }
}
