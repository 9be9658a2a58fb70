package io.portcullis.compiler.rules;

import io.portcullis.cluster.ClusterObject.Namespace;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.Peer;
import io.portcullis.json.Json;
import java.nio.charset.StandardCharsets;

/**
 * Pods that a peer selects, told by selectors alone, so that two policies that mean the same pods
 * share a set (N6).
 */
record PeerPods(LabelSelector namespaces, LabelSelector pods) implements HostPeers {

  static final PeerPods ALL = new PeerPods(LabelSelector.EVERYTHING, LabelSelector.EVERYTHING);

  /** The peer or subject of a policy of no namespace: it tells its namespaces itself (A6, A7). */
  static PeerPods of(Peer.Pods peer) {
    return new PeerPods(
        peer.namespaces()
            .orElseThrow(
                () -> new IllegalArgumentException("a tiered policy's pods without namespaces")),
        peer.pods().orElse(LabelSelector.EVERYTHING));
  }

  /** The peer of a policy in that namespace. */
  static PeerPods of(Peer.Pods peer, String policyNamespace) {
    return new PeerPods(
        peer.namespaces()
            .orElseGet(
                () ->
                    LabelSelector.labels(
                        java.util.Map.of(
                            io.portcullis.cluster.ClusterObject.NAMESPACE_NAME_LABEL,
                            policyNamespace))),
        peer.pods().orElse(LabelSelector.EVERYTHING));
  }

  boolean matches(Namespace namespace, Pod pod) {
    return namespaces.matches(namespace.labels()) && pods.matches(pod.labels());
  }

  @Override
  public String definition() {
    return new String(Json.bytes(this), StandardCharsets.UTF_8);
  }
}
