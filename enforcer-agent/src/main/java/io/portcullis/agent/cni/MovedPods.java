package io.portcullis.agent.cni;

import io.portcullis.ruleset.NodeRecord.Endpoint;
import java.util.Collection;
import java.util.List;

/** Compares where a version says that pods are with where the container runtime has them (C3). */
public final class MovedPods {
  private MovedPods() {}

  /**
   * Returns the endpoints whose address is not that of their pod, or is not yet.
   *
   * @param attachments of all pods whose network namespaces are there
   */
  public static List<Endpoint> among(
      Collection<Endpoint> endpoints, Collection<Attachment> attachments) {
    return endpoints.stream()
        .filter(
            endpoint ->
                attachments.stream().noneMatch(pod -> pod.isOf(endpoint.pod(), endpoint.ip())))
        .toList();
  }
}
