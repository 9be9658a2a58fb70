package io.portcullis.policy.grouping;

import io.portcullis.cluster.ClusterObject.Namespace;
import io.portcullis.cluster.Labels;

/** A namespace that has pods. */
public final class PodNamespace {
  public final String name;

  /** Whether its pods are subjects of no policy (T13). */
  public final boolean exempt;

  private Labels labels;
  private boolean isolated;

  PodNamespace(Namespace namespace, boolean exempt) {
    this.name = namespace.key().name();
    this.exempt = exempt;
    take(namespace);
  }

  void take(Namespace namespace) {
    labels = Labels.of(namespace.labels());
    isolated = namespace.ingressDefaultDeny();
  }

  public Labels labels() {
    return labels;
  }

  /** Tests whether its annotation isolates its pods for ingress (L1). */
  public boolean isolated() {
    return isolated;
  }
}
