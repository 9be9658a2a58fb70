package io.portcullis.agent.links;

import io.portcullis.net.Cidr;
import io.portcullis.net.Family;

/**
 * One way to a network. A route over several links is one for each.
 *
 * @param link its index
 */
public record Route(Cidr to, int link) {
  private static final Cidr LINK_LOCAL = Cidr.parse("fe80::/10");
  private static final Cidr MULTICAST = Cidr.parse("ff00::/8");

  /** Whether it leads to one address alone. */
  public boolean isToHost() {
    return to.length() == to.family().bits();
  }

  /** What every link with IPv6 has. */
  boolean isOfTheLinkItself() {
    return to.family() == Family.V6 && (isIn(LINK_LOCAL) || isIn(MULTICAST));
  }

  private boolean isIn(Cidr network) {
    return to.equals(network) || network.strictlyContains(to);
  }
}
