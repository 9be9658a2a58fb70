package io.portcullis.policy.grouping;

import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.Element;

/** An address with the pod that it belongs to, and the pod's class. */
public record PodAddress(Element.Host host, Pod pod, PodClass pods) {
  public IpAddress ip() {
    return host.address();
  }

  @Override
  public boolean equals(Object other) {
    return this == other; // there is one for an address
  }

  @Override
  public int hashCode() {
    return host.hashCode();
  }
}
