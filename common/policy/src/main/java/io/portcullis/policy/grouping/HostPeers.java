package io.portcullis.policy.grouping;

/**
 * Peers whose addresses are single ones. Only the selectors count, so that two policies with equal
 * selectors share a set.
 */
public sealed interface HostPeers extends Comparable<HostPeers> permits PeerPods, PeerNodes {

  /** Returns the text whose hash is a set's id, and which people read. */
  String definition();

  @Override
  default int compareTo(HostPeers other) {
    return definition().compareTo(other.definition());
  }
}
