package io.portcullis.policy.grouping;

import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.net.IpAddress;
import io.portcullis.policy.rules.NodeRules;
import io.portcullis.ruleset.Element;
import java.util.Optional;

/**
 * An address with the pod that it belongs to.
 *
 * @param node absent: the pod is bound to none yet
 */
public record PodAddress(Element.Host host, Pod pod, PodClass pods, Optional<NodeRules> node) {
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
