package io.portcullis.policy.grouping;

import io.portcullis.cluster.ClusterObject.ContainerPort;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.Labels;
import io.portcullis.ruleset.Element;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Pods of one namespace with equal labels and named ports. A policy that selects one of them
 * selects all.
 */
public final class PodClass {
  public final PodNamespace namespace;
  public final Labels labels;
  public final List<ContainerPort> ports;

  /** Whether the pods were refused, so that nothing is allowed to or from them (N10). */
  public final boolean refused;

  /**
   * What the pods have in common besides their namespace.
   *
   * @param refused whether they were refused (N10)
   */
  record Kind(Labels labels, List<ContainerPort> ports, boolean refused) {
    static Kind of(Pod pod) {
      return new Kind(Labels.of(pod.labels()), pod.ports(), pod.origin().failClosed());
    }
  }

  /** Returns what the pods have in common besides their namespace. */
  Kind kind() {
    return new Kind(labels, ports, refused);
  }

  /** The groups that the pods are in. */
  public final Set<PodGroup> groups = new HashSet<>(8);

  /** The addresses of the pods. */
  public final Set<Element.Host> hosts = new HashSet<>(8);

  PodClass(PodNamespace namespace, Kind kind) {
    this.namespace = namespace;
    this.labels = kind.labels();
    this.ports = kind.ports();
    this.refused = kind.refused();
  }
}
