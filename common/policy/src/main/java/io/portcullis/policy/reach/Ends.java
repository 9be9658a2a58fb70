package io.portcullis.policy.reach;

import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.net.IpAddress;
import io.portcullis.net.IpRange;
import java.util.List;
import java.util.Optional;

/** A choice of addresses that one end of flows is asked about for. */
public interface Ends {
  /** Every pod, every node and all other addresses. */
  Ends ALL = (_, _) -> true;

  /**
   * Tells whether an address is asked about.
   *
   * @param pod the pod that has the address; absent where none has
   */
  boolean has(IpAddress address, Optional<Pod> pod);

  /** Returns the networks that the question names. */
  default List<IpRange> networks() {
    return List.of();
  }
}
