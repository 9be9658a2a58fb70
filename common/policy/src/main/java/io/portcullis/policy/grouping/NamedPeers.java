package io.portcullis.policy.grouping;

import io.portcullis.cluster.PortSpec;
import java.util.Comparator;

/** The ports of one name on the pods of a peer (N9). */
public record NamedPeers(PeerPods pods, PortSpec.Named port) implements Comparable<NamedPeers> {
  private static final Comparator<NamedPeers> ORDER =
      Comparator.<NamedPeers, HostPeers>comparing(NamedPeers::pods)
          .thenComparing(peers -> peers.port().protocol())
          .thenComparing(peers -> peers.port().name());

  public String definition() {
    return port.protocol().nft() + "/" + port.name() + " of " + pods.definition();
  }

  @Override
  public int compareTo(NamedPeers other) {
    return ORDER.compare(this, other);
  }
}
