package io.portcullis.agent.standin;

import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.nft.GuardLease;
import io.portcullis.nft.NftRenderer;
import io.portcullis.ruleset.TrafficPath;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Writes what {@link TableBatch} writes, for nft. */
final class ClosedText {
  private final StringBuilder out = new StringBuilder();
  private final ClosedTable table;

  private ClosedText(ClosedTable table) {
    this.table = table;
  }

  static String of(ClosedTable table, GuardLease lease) {
    return new ClosedText(table).text(lease);
  }

  private String text(GuardLease lease) {
    line("create table inet " + NftRenderer.SWAP_TABLE);
    line("table inet " + NftRenderer.SWAP_TABLE + " {");
    line("set guard { type nf_proto; flags timeout");
    var timeout =
        switch (lease) {
          case GuardLease.None _ -> "";
          case GuardLease.Ever _ -> "elements = { ipv4, ipv6 }";
          case GuardLease.For(var left) ->
              "elements = { ipv4 timeout %1$dms, ipv6 timeout %1$dms }".formatted(left.toMillis());
        };
    line(timeout + " }");
    if (!table.podLinks().isEmpty()) {
      var links = String.join("\", \"", table.podLinks());
      line("set pod_links { type ifname; elements = { \"" + links + "\" } }");
      line("chain prerouting { type filter hook prerouting priority raw; policy accept;");
      line("iifname != @pod_links accept");
      line("ip6 saddr :: accept");
      line("fib saddr . iif oif missing drop");
      line("}");
    }
    for (var family : Family.values()) {
      set("known", family, table.known());
      set("ingress", family, table.closed().get(TrafficPath.INGRESS));
      set("egress", family, table.closed().get(TrafficPath.EGRESS));
      set("node", family, table.closed().get(TrafficPath.TO_OWN_NODE));
    }
    chain(
        "forward",
        List.of("icmpv6 type 135-136 ip6 hoplimit 255 accept"),
        List.of(TrafficPath.EGRESS, TrafficPath.INGRESS));
    chain(
        "input",
        List.of(
            "icmpv6 type 133-136 ip6 hoplimit 255 accept",
            "icmpv6 type 130-132 ip6 hoplimit 1 accept",
            "icmpv6 type 143 ip6 hoplimit 1 accept"),
        List.of(TrafficPath.TO_OWN_NODE));
    line("}");
    return out.toString();
  }

  private void set(String name, Family family, Collection<IpAddress> all) {
    var members = of(family, all);
    if (!members.isEmpty()) {
      line(
          "set %s_%s { type ip%s_addr; elements = { %s } }"
              .formatted(name, family.suffix(), family.suffix(), members));
    }
  }

  private static String of(Family family, Collection<IpAddress> all) {
    return all.stream()
        .filter(ip -> ip.family() == family)
        .map(IpAddress::toString)
        .collect(Collectors.joining(", "));
  }

  private void chain(String hook, List<String> discovery, List<TrafficPath> paths) {
    var mark = "0x%08x".formatted(table.mark().bit());
    line("chain " + hook + " { type filter hook " + hook + " priority filter; policy accept;");
    line("ct state established,related ct mark & " + mark + " == 0 accept");
    line("ct state established,related drop");
    discovery.forEach(this::line);
    for (var path : paths) {
      for (var family : Family.values()) {
        path(path, family);
      }
    }
    line("}");
  }

  private void path(TrafficPath path, Family family) {
    var ip = family == Family.V4 ? "ip" : "ip6";
    var isIngress = path == TrafficPath.INGRESS;
    var address = ip + (isIngress ? " daddr " : " saddr ");
    var set =
        switch (path) {
          case INGRESS -> "@ingress_";
          case EGRESS -> "@egress_";
          case TO_OWN_NODE -> "@node_";
        };
    if (!of(family, table.closed().get(path)).isEmpty()) {
      line(address + set + family.suffix() + " drop");
    }
    var guard = "meta nfproto @guard ";
    var unknown =
        (of(family, table.known()).isEmpty() ? "" : address + "!= @known_" + family.suffix())
            + " fib saddr type != local drop";
    for (var link : table.guardLinks()) {
      var ofNoPod =
          switch (family) {
            case V4 -> isIngress ? "ip daddr != 224.0.0.0/4 " : "meta nfproto ipv4 ";
            case V6 -> isIngress ? "ip6 daddr != ff00::/8 " : "ip6 saddr != fe80::/10 ";
          };
      line(guard + (isIngress ? "oifname \"" : "iifname \"") + link + "\" " + ofNoPod + unknown);
    }
    for (var range : table.guardedRanges()) {
      if (range.family() == family) {
        line(guard + address + range + " " + unknown);
      }
    }
  }

  private void line(String text) {
    out.append(text).append('\n');
  }
}
