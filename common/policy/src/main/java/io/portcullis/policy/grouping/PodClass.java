package io.portcullis.policy.grouping;

import io.portcullis.cluster.ClusterObject.ContainerPort;
import io.portcullis.cluster.Labels;
import io.portcullis.policy.rules.PolicyProfile;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Pods of one namespace with equal labels and named ports: all policies mean them alike. */
public final class PodClass {
  public final PodNamespace namespace;
  public final Labels labels;
  public final List<ContainerPort> ports;

  /** Those that it is in. */
  public final Set<PodGroup> groups = new HashSet<>(8);

  /** The addresses of its pods. */
  public final Set<PodAddress> places = new HashSet<>(8);

  public Optional<PolicyProfile> stance = Optional.empty();

  public PodClass(PodNamespace namespace, Labels labels, List<ContainerPort> ports) {
    this.namespace = namespace;
    this.labels = labels;
    this.ports = ports;
  }
}
