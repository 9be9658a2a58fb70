package io.portcullis.nft;

import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;

/** Names of what every table of ours has. */
final class Names {
  private Names() {}

  /** The set of pairs of one local address with itself (T4). */
  static String self(Family family) {
    return "self_" + family.suffix();
  }

  /** The map from local addresses to their chains. */
  static String verdicts(Direction direction, Family family) {
    return switch (direction) {
          case INGRESS -> "ingress_";
          case EGRESS -> "egress_";
        }
        + family.suffix();
  }

  /** As nft names the type of such addresses. */
  static String address(Family family) {
    return switch (family) {
      case V4 -> "ipv4_addr";
      case V6 -> "ipv6_addr";
    };
  }
}
