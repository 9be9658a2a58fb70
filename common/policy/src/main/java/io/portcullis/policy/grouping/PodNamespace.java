package io.portcullis.policy.grouping;

import io.portcullis.cluster.ClusterObject.ContainerPort;
import io.portcullis.cluster.ClusterObject.Namespace;
import io.portcullis.cluster.Labels;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A namespace that has pods. */
public final class PodNamespace {
  public final String name;

  /** Whether its pods are subjects of no policy (T13). */
  public final boolean exempt;

  public final Map<Kind, PodClass> classes = new HashMap<>();
  public Labels labels;

  /** Whether it is isolated for ingress (L1). */
  public boolean isolated;

  /** What makes pods of it one class. */
  public record Kind(Labels labels, List<ContainerPort> ports) {}

  public PodNamespace(Namespace namespace, boolean exempt) {
    this.name = namespace.key().name();
    this.exempt = exempt;
    take(namespace);
  }

  public void take(Namespace namespace) {
    labels = Labels.of(namespace.labels());
    isolated = namespace.ingressDefaultDeny();
  }
}
