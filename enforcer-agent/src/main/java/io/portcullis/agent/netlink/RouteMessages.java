package io.portcullis.agent.netlink;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.portcullis.agent.links.Link;
import io.portcullis.agent.links.Route;
import io.portcullis.agent.netlink.Netlink.Attribute;
import io.portcullis.net.Cidr;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Reads links and routes from messages of netlink. */
final class RouteMessages {
  private static final int LINK_HEADER = 16; // struct ifinfomsg
  private static final int ROUTE_HEADER = 12; // struct rtmsg
  private static final int NEXT_HOP = 8; // struct rtnexthop
  private static final int IFF_LOOPBACK = 0x8;
  private static final int IFLA_IFNAME = 3;
  private static final int IFLA_MASTER = 10;
  private static final int IFLA_LINKINFO = 18;
  private static final int IFLA_INFO_KIND = 1;
  private static final int RTN_UNICAST = 1;
  private static final int RTA_DST = 1;
  private static final int RTA_OIF = 4;
  private static final int RTA_MULTIPATH = 9;
  private static final int AF_INET = 2;

  private RouteMessages() {}

  static Link link(MemorySegment content) throws IOException {
    var attributes = Netlink.attributes(content, LINK_HEADER);
    var kind = "";
    var information = Netlink.first(attributes, IFLA_LINKINFO);
    if (information.isPresent()) {
      kind =
          Netlink.first(Netlink.attributes(information.get().content(), 0), IFLA_INFO_KIND)
              .map(Attribute::text)
              .orElse("");
    }
    return new Link(
        content.get(JAVA_INT_UNALIGNED, 4),
        Netlink.first(attributes, IFLA_IFNAME).map(Attribute::text).orElse(""),
        kind,
        (content.get(JAVA_INT_UNALIGNED, 8) & IFF_LOOPBACK) != 0,
        Netlink.number(attributes, IFLA_MASTER));
  }

  /** Returns a route for each link that the message's route takes. */
  static List<Route> routes(MemorySegment content) throws IOException {
    if (content.get(JAVA_BYTE, 7) != RTN_UNICAST) {
      return List.of();
    }
    var attributes = Netlink.attributes(content, ROUTE_HEADER);
    var to = destination(content, attributes);
    var routes = new ArrayList<Route>();
    Netlink.number(attributes, RTA_OIF).ifPresent(link -> routes.add(new Route(to, link)));
    Netlink.first(attributes, RTA_MULTIPATH)
        .ifPresent(hops -> links(hops.content()).forEach(link -> routes.add(new Route(to, link))));
    return routes;
  }

  private static Cidr destination(MemorySegment content, List<Attribute> attributes) {
    var family = content.get(JAVA_BYTE, 0) == AF_INET ? Family.V4 : Family.V6;
    var address =
        Netlink.first(attributes, RTA_DST)
            .map(attribute -> IpAddress.of(attribute.content().toArray(JAVA_BYTE)))
            .orElse(new IpAddress(family, BigInteger.ZERO));
    return new Cidr(address, Byte.toUnsignedInt(content.get(JAVA_BYTE, 1)));
  }

  private static List<Integer> links(MemorySegment hops) {
    var links = new ArrayList<Integer>();
    for (long at = 0; at + NEXT_HOP <= hops.byteSize(); ) {
      links.add(hops.get(JAVA_INT_UNALIGNED, at + 4));
      var length = Short.toUnsignedInt(hops.get(JAVA_SHORT_UNALIGNED, at));
      at += Math.max(NEXT_HOP, length + 3 & ~3); // aligned to four bytes
    }
    return links;
  }
}
