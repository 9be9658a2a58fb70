package io.portcullis.policy.grouping;

import io.portcullis.cluster.ClusterObject.ContainerPort;
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

  /** The groups that the pods are in. */
  public final Set<PodGroup> groups = new HashSet<>(8);

  /** The addresses of the pods. */
  public final Set<Element.Host> hosts = new HashSet<>(8);

  PodClass(PodNamespace namespace, Labels labels, List<ContainerPort> ports) {
    this.namespace = namespace;
    this.labels = labels;
    this.ports = ports;
  }
}
