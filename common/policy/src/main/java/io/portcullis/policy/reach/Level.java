package io.portcullis.policy.reach;

import io.portcullis.cluster.ClusterObject.Pod;

/** What pods are taken together as one party. */
public enum Level {
  POD,
  WORKLOAD,
  NAMESPACE;

  private static final String TEMPLATE_HASH = "pod-template-hash";

  /** Returns the name of the party that a pod belongs to. */
  public String name(Pod pod) {
    var namespace = pod.key().namespace();
    return switch (this) {
      case POD -> namespace + "/" + pod.key().name();
      case WORKLOAD -> namespace + "/" + workload(pod);
      case NAMESPACE -> namespace;
    };
  }

  /**
   * Returns the name of a pod's controlling owner, without the hash that a Deployment gives its
   * ReplicaSets. A pod without an owner stands for itself, unless its name has such a hash.
   */
  private static String workload(Pod pod) {
    var owner = pod.owner().substring(pod.owner().indexOf('/') + 1);
    var hash = "-" + pod.labels().getOrDefault(TEMPLATE_HASH, "");
    if (hash.length() == 1) {
      return owner.isEmpty() ? pod.key().name() : owner;
    }
    if (owner.endsWith(hash)) {
      return owner.substring(0, owner.length() - hash.length());
    }
    var inName = pod.key().name().indexOf(hash + "-");
    return !owner.isEmpty()
        ? owner
        : inName > 0 ? pod.key().name().substring(0, inName) : pod.key().name();
  }
}
