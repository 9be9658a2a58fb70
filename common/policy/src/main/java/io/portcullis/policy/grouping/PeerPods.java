package io.portcullis.policy.grouping;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.Peer;
import io.portcullis.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The pods that a subject or a peer selects. Only the selectors count, so that two policies with
 * equal selectors share a set (N6).
 */
public final class PeerPods implements HostPeers {
  public static final PeerPods ALL =
      new PeerPods(LabelSelector.EVERYTHING, LabelSelector.EVERYTHING);

  private final LabelSelector namespaces;
  private final LabelSelector pods;
  private final String definition;

  /** The form in which the definition is written. */
  public record Selectors(LabelSelector namespaces, LabelSelector pods) {}

  public PeerPods(LabelSelector namespaces, LabelSelector pods) {
    this.namespaces = namespaces;
    this.pods = pods;
    this.definition =
        new String(Json.bytes(new Selectors(namespaces, pods)), StandardCharsets.UTF_8);
  }

  /**
   * Returns the pods of a policy without a namespace, whose peers name their namespaces (A6, A7).
   */
  public static PeerPods of(Peer.Pods peer) {
    return new PeerPods(
        peer.namespaces()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "a tiered policy selects pods, but no namespaces")),
        peer.pods().orElse(LabelSelector.EVERYTHING));
  }

  /** Returns the pods of a peer of a policy in that namespace. */
  public static PeerPods of(Peer.Pods peer, String policyNamespace) {
    return new PeerPods(
        peer.namespaces().orElseGet(() -> named(policyNamespace)),
        peer.pods().orElse(LabelSelector.EVERYTHING));
  }

  /** Returns pods of one namespace, which are the subjects of its policies (N1). */
  public static PeerPods in(String namespace, LabelSelector pods) {
    return new PeerPods(named(namespace), pods);
  }

  private static LabelSelector named(String namespace) {
    return LabelSelector.labels(Map.of(ClusterObject.NAMESPACE_NAME_LABEL, namespace));
  }

  public LabelSelector namespaces() {
    return namespaces;
  }

  public LabelSelector pods() {
    return pods;
  }

  public boolean matches(Map<String, String> namespaceLabels, Map<String, String> podLabels) {
    return namespaces.matches(namespaceLabels) && pods.matches(podLabels);
  }

  @Override
  public String definition() {
    return definition;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PeerPods that && definition.equals(that.definition);
  }

  @Override
  public int hashCode() {
    return definition.hashCode();
  }
}
