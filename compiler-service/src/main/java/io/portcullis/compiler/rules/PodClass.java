package io.portcullis.compiler.rules;

import io.portcullis.cluster.ClusterObject.ContainerPort;
import io.portcullis.cluster.Labels;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Pods of one namespace with equal labels and named ports: all policies mean them alike. */
final class PodClass {
  final PodNamespace namespace;
  final Labels labels;
  final List<ContainerPort> ports;

  /** Those that it is in. */
  final Set<PodGroup> groups = new HashSet<>(8);

  /** The addresses of its pods. */
  final Set<Place> places = new HashSet<>(8);

  Optional<Stance> stance = Optional.empty();

  PodClass(PodNamespace namespace, Labels labels, List<ContainerPort> ports) {
    this.namespace = namespace;
    this.labels = labels;
    this.ports = ports;
  }
}
