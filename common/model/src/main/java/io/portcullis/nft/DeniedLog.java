package io.portcullis.nft;

import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import java.util.Optional;

/** How the kernel's log of packets (nflog) tells what was denied. */
public final class DeniedLog {
  /** The group that it is told to. */
  public static final int GROUP = 20_480;

  /** Bytes of a packet that are told: all headers. */
  public static final int LONGEST_PACKET = 128;

  static final String PREFIX = "portcullis ";

  private DeniedLog() {}

  /** The direction in which a packet with that prefix was denied, if it is one of ours. */
  public static Optional<Direction> direction(String prefix) {
    return DenyChain.all().stream()
        .filter(denial -> prefix.equals(PREFIX + denial.chain()))
        .map(DenyChain::direction)
        .findFirst();
  }

  /** A table that the kernel takes only where it has such a log. */
  public static String trial() {
    return new DenyChain(Direction.INGRESS, Family.V4).trial();
  }
}
