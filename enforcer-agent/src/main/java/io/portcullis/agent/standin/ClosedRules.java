package io.portcullis.agent.standin;

import io.portcullis.agent.standin.Expression.Compare;
import io.portcullis.agent.standin.Expression.Connection;
import io.portcullis.agent.standin.Expression.InSet;
import io.portcullis.agent.standin.Expression.Mask;
import io.portcullis.agent.standin.Expression.Meta;
import io.portcullis.agent.standin.Expression.NotInSet;
import io.portcullis.agent.standin.Expression.Operator;
import io.portcullis.agent.standin.Expression.Payload;
import io.portcullis.agent.standin.Expression.Route;
import io.portcullis.cluster.Direction;
import io.portcullis.net.Cidr;
import io.portcullis.net.Family;
import io.portcullis.net.IpRange;
import io.portcullis.ruleset.TrafficPath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the rules of the base chains of a {@link ClosedTable}. */
final class ClosedRules {
  private static final byte[] ESTABLISHED_OR_RELATED = Expression.number(0x2 | 0x4);
  private static final byte[] NONE = Expression.number(0);
  private static final int ICMPV6 = 58;
  private static final int NOT_ROUTED = 255;

  /** What no version ever knows: groups, and the addresses of a link (C1). */
  private static final Cidr GROUPS_V4 = Cidr.parse("224.0.0.0/4");

  private static final Cidr GROUPS_V6 = Cidr.parse("ff00::/8");
  private static final Cidr LINK_LOCAL = Cidr.parse("fe80::/10");

  private static final byte[] NO_ADDRESS = new byte[16];

  private final ClosedTable table;
  private final List<List<Expression>> rules = new ArrayList<>();

  private ClosedRules(ClosedTable table) {
    this.table = table;
  }

  /** Returns the rules for all packets, before conntrack: a pod has only its own address (T14). */
  static List<List<Expression>> prerouting(ClosedTable table) {
    if (table.podLinks().isEmpty()) {
      return List.of();
    }
    return List.of(
        List.of(Meta.IN_LINK, new NotInSet(SetNames.POD_LINKS), Expression.ACCEPT),
        all(
            List.of(
                ofFamily(Family.V6),
                List.of(
                    Payload.address(Direction.EGRESS, Family.V6),
                    new Compare(Operator.EQUAL, NO_ADDRESS),
                    Expression.ACCEPT))),
        List.of(Route.BACK, new Compare(Operator.EQUAL, NONE), Expression.DROP));
  }

  /** Returns the rules for what passes through the node. */
  static List<List<Expression>> forward(ClosedTable table) {
    var chain = new ClosedRules(table);
    chain.ofConnections();
    chain.acceptDiscovery(NOT_ROUTED, 135, 136); // neighbour solicitation, advertisement
    for (var path : List.of(TrafficPath.EGRESS, TrafficPath.INGRESS)) {
      chain.ofPath(path);
    }
    return chain.rules;
  }

  /** Returns the rules for what goes to the node itself. */
  static List<List<Expression>> input(ClosedTable table) {
    var chain = new ClosedRules(table);
    chain.ofConnections();
    chain.acceptDiscovery(NOT_ROUTED, 133, 136); // and those of routers (T5)
    chain.acceptDiscovery(1, 130, 132); // of groups: query, report, done
    chain.acceptDiscovery(1, 143, 143); // report of version 2
    chain.ofPath(TrafficPath.TO_OWN_NODE);
    return chain.rules;
  }

  /** Packets of connections are accepted (T2), unless the connection is cut (C2). */
  private void ofConnections() {
    var isLive =
        List.<Expression>of(
            Connection.STATE,
            new Mask(ESTABLISHED_OR_RELATED),
            new Compare(Operator.NOT_EQUAL, NONE));
    var isUncut =
        List.<Expression>of(
            Connection.MARK,
            new Mask(Expression.number(table.mark().bit())),
            new Compare(Operator.EQUAL, NONE));
    rule(List.of(isLive, isUncut, List.of(Expression.ACCEPT)));
    rule(List.of(isLive, List.of(Expression.DROP)));
  }

  /** There is no IPv6 without these messages; those that a router passed on have fewer hops. */
  private void acceptDiscovery(int hopLimit, int firstType, int lastType) {
    var types =
        firstType == lastType
            ? List.<Expression>of(Compare.equal(firstType))
            : between(new byte[] {(byte) firstType}, new byte[] {(byte) lastType});
    rule(
        List.of(
            ofFamily(Family.V6),
            List.of(Meta.PROTOCOL, Compare.equal(ICMPV6), Payload.ICMP_TYPE),
            types,
            List.of(Payload.HOP_LIMIT, Compare.equal(hopLimit), Expression.ACCEPT)));
  }

  private void ofPath(TrafficPath path) {
    for (var family : Family.values()) {
      if (!table.closed(path, family).isEmpty()) {
        rule(
            List.of(
                ofFamily(family),
                List.of(
                    Payload.address(path.direction(), family),
                    new InSet(SetNames.closed(path, family)),
                    Expression.DROP)));
      }
      for (var link : table.guardLinks()) {
        guard(path.direction(), family, overLink(path.direction(), family, link));
      }
      for (var range : table.guardedRanges()) {
        if (range.family() == family) {
          guard(path.direction(), family, inRange(path.direction(), range));
        }
      }
    }
  }

  /** Drops what comes from or goes to a pod that nobody knows, while the guard stands (C1). */
  private void guard(Direction direction, Family family, List<Expression> where) {
    List<Expression> unknown =
        table.known(family).isEmpty()
            ? List.of()
            : List.of(Payload.address(direction, family), new NotInSet(SetNames.known(family)));
    rule(
        List.of(
            List.of(Meta.FAMILY, new InSet(SetNames.GUARD)),
            where,
            unknown,
            List.of(Route.KIND, Route.isNotOfNode(), Expression.DROP)));
  }

  private static List<Expression> overLink(Direction direction, Family family, String pattern) {
    var link =
        switch (direction) {
          case INGRESS -> Meta.OUT_LINK;
          case EGRESS -> Meta.IN_LINK;
        };
    return all(
        List.of(
            List.of(link, new Compare(Operator.EQUAL, link(pattern))),
            ofFamily(family),
            ofNoPod(direction, family)
                .map(range -> outside(Payload.address(direction, family), range))
                .orElse(List.of())));
  }

  /** Returns what is compared: of the name's beginning, the kernel compares no more than that. */
  private static byte[] link(String pattern) {
    var isBeginning = pattern.endsWith("*");
    var name = isBeginning ? pattern.substring(0, pattern.length() - 1) : pattern;
    return isBeginning ? name.getBytes(StandardCharsets.US_ASCII) : SetNames.link(name);
  }

  private static Optional<Cidr> ofNoPod(Direction direction, Family family) {
    return switch (direction) {
      case INGRESS -> Optional.of(family == Family.V4 ? GROUPS_V4 : GROUPS_V6);
      case EGRESS -> family == Family.V6 ? Optional.of(LINK_LOCAL) : Optional.empty();
    };
  }

  private static List<Expression> outside(Payload address, Cidr network) {
    var range = network.range();
    var mask = range.first().bytes();
    var last = range.last().bytes();
    for (var i = 0; i < mask.length; i++) {
      mask[i] = (byte) ~(mask[i] ^ last[i]);
    }
    return List.of(address, new Mask(mask), new Compare(Operator.NOT_EQUAL, range.first().bytes()));
  }

  private static List<Expression> inRange(Direction direction, IpRange range) {
    return all(
        List.of(
            ofFamily(range.family()),
            List.of(Payload.address(direction, range.family())),
            between(range.first().bytes(), range.last().bytes())));
  }

  private static List<Expression> ofFamily(Family family) {
    return List.of(Meta.FAMILY, Compare.equal(SetNames.number(family)));
  }

  private static List<Expression> between(byte[] first, byte[] last) {
    return List.of(new Compare(Operator.AT_LEAST, first), new Compare(Operator.AT_MOST, last));
  }

  private void rule(List<List<Expression>> parts) {
    rules.add(all(parts));
  }

  private static List<Expression> all(List<List<Expression>> parts) {
    return parts.stream().flatMap(List::stream).toList();
  }
}
