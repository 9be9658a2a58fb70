package io.portcullis.nft;

import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import io.portcullis.ruleset.TrafficPath;

/** Names of the objects that every table has. */
final class ObjectNames {
  private ObjectNames() {}

  /** Returns the set that pairs each local address with itself (A12). */
  static String self(Family family) {
    return "self_" + family.suffix();
  }

  /** The chain for packets of known connections (T2). */
  static final String CONNECTIONS = "connections";

  /** The chain that twins of pods' chains go to where a rule denies (C2). */
  static final String CUT = "cut";

  /** The chain that marks a live connection as cut (C2). */
  static final String CUT_MARK = "cut_mark";

  /** Returns the chain that the ends of twins go to where NetworkPolicies isolate (C2, T4). */
  static String cutUnlessSelf(Family family) {
    return "cut_" + family.suffix();
  }

  /** Returns the set of local addresses whose live connections are judged again (C2). */
  static String narrowed(Family family) {
    return "narrowed_" + family.suffix();
  }

  /** Returns the map from narrowed addresses to the twins of their chains (C2). */
  static String twins(TrafficPath way, Family family) {
    return "rejudge_" + verdicts(way, family);
  }

  /** The set of the links of local pods (T14). */
  static final String POD_LINKS = "pod_links";

  /** The set of names of links over which unknown addresses are guarded (C1). */
  static final String GUARD_LINKS = "guard_links";

  /** The set of families whose pod CIDRs are not guarded, because they are not this node's (C1). */
  static final String OPEN_CIDRS = "open_cidrs";

  /** Returns the chain for packets from or to unknown addresses in a pod CIDR (C1). */
  static String cidrChain(Direction direction, Family family) {
    return "cidr_" + suffix(direction, family);
  }

  /** Returns the set of addresses of pods that the node itself knows (C1). */
  static String known(Family family) {
    return "known_" + family.suffix();
  }

  /** Returns the chain for packets from or to addresses that no version knows (C1). */
  static String unknownChain(Direction direction, Family family) {
    return "unknown_" + suffix(direction, family);
  }

  /** Returns the set of local addresses whose elements count what is denied to or from them. */
  static String denied(Direction direction, Family family) {
    return "denied_" + suffix(direction, family);
  }

  /** Returns the chain that counts denied packets and drops them. */
  static String denyChain(Direction direction, Family family) {
    return "deny_" + suffix(direction, family);
  }

  /** Returns the chain that the ends of isolated pods' chains lead to. */
  static String isolationChain(Direction direction, Family family) {
    return "isolated_" + suffix(direction, family);
  }

  private static String suffix(Direction direction, Family family) {
    return switch (direction) {
          case INGRESS -> "in_";
          case EGRESS -> "out_";
        }
        + family.suffix();
  }

  /** Returns the map from the addresses of all local pods to their chains. */
  static String verdicts(TrafficPath way, Family family) {
    return switch (way) {
          case INGRESS -> "ingress_";
          case EGRESS -> "egress_";
          case TO_OWN_NODE -> "node_";
        }
        + family.suffix();
  }

  /** Returns nft's name for the type of such addresses. */
  static String address(Family family) {
    return switch (family) {
      case V4 -> "ipv4_addr";
      case V6 -> "ipv6_addr";
    };
  }
}
