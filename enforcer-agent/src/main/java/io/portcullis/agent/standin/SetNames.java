package io.portcullis.agent.standin;

import io.portcullis.net.Family;
import io.portcullis.ruleset.TrafficPath;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Names of the sets of a {@link ClosedTable}, and the kernel's numbers of families. */
final class SetNames {
  /** The set of families that are guarded, for as long as the guard stands (C1). */
  static final String GUARD = "guard";

  /** The set of the links of local pods (T14). */
  static final String POD_LINKS = "pod_links";

  private static final int LONGEST_LINK = 16; // IFNAMSIZ

  private SetNames() {}

  /** Returns the name of a link as the kernel compares it. */
  static byte[] link(String name) {
    return Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), LONGEST_LINK);
  }

  /** Returns the set of known addresses. */
  static String known(Family family) {
    return "known_" + family.suffix();
  }

  /** Returns the set of addresses that are closed on that path. */
  static String closed(TrafficPath path, Family family) {
    return switch (path) {
          case INGRESS -> "ingress_";
          case EGRESS -> "egress_";
          case TO_OWN_NODE -> "node_";
        }
        + family.suffix();
  }

  /** Returns the number of that family, as netfilter counts. */
  static int number(Family family) {
    return switch (family) {
      case V4 -> 2; // NFPROTO_IPV4
      case V6 -> 10; // NFPROTO_IPV6
    };
  }
}
