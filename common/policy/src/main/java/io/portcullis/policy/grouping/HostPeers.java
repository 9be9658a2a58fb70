package io.portcullis.policy.grouping;

/**
 * Peers that are single addresses, told by selectors alone, so that two policies that mean the same
 * share a set.
 */
public sealed interface HostPeers extends Comparable<HostPeers> permits PeerPods, PeerNodes {

  /** What a set's id is the hash of, and what readers see. */
  String definition();

  @Override
  default int compareTo(HostPeers other) {
    return definition().compareTo(other.definition());
  }
}
