package io.portcullis.compiler.rules;

import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.Direction;
import io.portcullis.compiler.state.Cluster;
import java.util.List;
import java.util.Optional;

/** Which policies speak for a pod in a direction. */
public final class Selection {
  private Selection() {}

  /**
   * The policies whose rules are united for the pod (N3).
   *
   * @return absent: the pod is not isolated in this direction; empty: isolated, and nothing allowed
   */
  public static Optional<List<NetworkPolicy>> policies(
      Cluster cluster, Pod pod, Direction direction) {
    var namespace = pod.key().namespace();
    var selecting =
        cluster.policies(namespace).stream()
            .filter(policy -> policy.subjects().matches(pod.labels())) // N1
            .toList();
    var annotated =
        direction == Direction.INGRESS && cluster.namespace(namespace).ingressDefaultDeny(); // L1
    var isolating =
        selecting.stream().filter(policy -> policy.types().contains(direction)).toList(); // N2
    if (isolating.isEmpty() && !annotated) {
      return Optional.empty(); // N3, L3
    }
    return Optional.of(
        selecting.stream()
            .filter(policy -> isolating.contains(policy) || (annotated && policy.legacy())) // L3
            .toList());
  }
}
