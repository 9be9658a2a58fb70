package io.portcullis.agent.links;

import io.portcullis.net.Cidr;
import io.portcullis.net.Family;

/**
 * A route to a network over one link. A route over several links becomes several of these.
 *
 * @param link index of the link
 */
public record Route(Cidr to, int link) {
  private static final Cidr LINK_LOCAL = Cidr.parse("fe80::/10");
  private static final Cidr MULTICAST = Cidr.parse("ff00::/8");

  /** Returns whether the route leads to one address alone. */
  public boolean isToHost() {
    return to.length() == to.family().bits();
  }

  /** Returns whether every link with IPv6 has such a route. */
  boolean isOfTheLinkItself() {
    return to.family() == Family.V6 && (isIn(LINK_LOCAL) || isIn(MULTICAST));
  }

  private boolean isIn(Cidr network) {
    return to.equals(network) || network.strictlyContains(to);
  }
}
