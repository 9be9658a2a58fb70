package io.portcullis.nft;

import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import io.portcullis.ruleset.TrafficPath;

/** Names of what every table of ours has. */
final class ObjectNames {
  private ObjectNames() {}

  /** The set of pairs of one local address with itself (T4). */
  static String self(Family family) {
    return "self_" + family.suffix();
  }

  /** The chain of packets that are of a connection already (T2). */
  static final String CONNECTIONS = "connections";

  /** The set of the links of local pods (T14). */
  static final String POD_LINKS = "pod_links";

  /** The set of local addresses whose elements count what is denied to or from them. */
  static String denied(Direction direction, Family family) {
    return "denied_" + suffix(direction, family);
  }

  /** The chain that counts what is denied, and drops it. */
  static String denial(Direction direction, Family family) {
    return "deny_" + suffix(direction, family);
  }

  private static String suffix(Direction direction, Family family) {
    return switch (direction) {
          case INGRESS -> "in_";
          case EGRESS -> "out_";
        }
        + family.suffix();
  }

  /** The map from the addresses of all local pods to their chains. */
  static String verdicts(TrafficPath way, Family family) {
    return switch (way) {
          case INGRESS -> "ingress_";
          case EGRESS -> "egress_";
          case TO_OWN_NODE -> "node_";
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
