package io.portcullis.compiler.rules;

import io.portcullis.cluster.ClusterObject.ContainerPort;
import io.portcullis.cluster.ClusterObject.Namespace;
import io.portcullis.cluster.Labels;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A namespace that has pods. */
final class PodNamespace {
  final String name;

  /** Whether its pods are subjects of no policy (T13). */
  final boolean exempt;

  final Map<Kind, PodClass> classes = new HashMap<>();
  Labels labels;

  /** Whether it is isolated for ingress (L1). */
  boolean isolated;

  /** What makes pods of it one class. */
  record Kind(Labels labels, List<ContainerPort> ports) {}

  PodNamespace(Namespace namespace, boolean exempt) {
    this.name = namespace.key().name();
    this.exempt = exempt;
    take(namespace);
  }

  void take(Namespace namespace) {
    labels = Labels.of(namespace.labels());
    isolated = namespace.ingressDefaultDeny();
  }
}
