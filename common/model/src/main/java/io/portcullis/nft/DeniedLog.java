package io.portcullis.nft;

import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import java.util.Optional;

/** The kernel's log of denied packets (nflog). */
public final class DeniedLog {
  /** The group of nflog that the kernel sends denied packets to. */
  public static final int GROUP = DenyChain.LOG_GROUP;

  /** The number of bytes of a packet that the kernel logs: all headers. */
  public static final int LONGEST_PACKET = DenyChain.LONGEST_LOGGED;

  private DeniedLog() {}

  /** Returns the direction in which a packet with that prefix was denied, if it is one of ours. */
  public static Optional<Direction> direction(String prefix) {
    return DenyChain.all().stream()
        .filter(deny -> prefix.equals(deny.logPrefix()))
        .map(DenyChain::direction)
        .findFirst();
  }

  /** Returns a table that the kernel takes only where it has such a log. */
  public static String trial() {
    return new DenyChain(Direction.INGRESS, Family.V4).trial();
  }
}
