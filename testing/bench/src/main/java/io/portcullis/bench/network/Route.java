package io.portcullis.bench.network;

import io.portcullis.net.Cidr;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.net.IpRange;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Clients, a router and a server, in a namespace each. */
public final class Route implements AutoCloseable {
  /** The number of clients, each with an address of each family. */
  public static final int CLIENTS = 64;

  /** The server's port. */
  public static final int PORT = 5000;

  private static final String COUNTERS =
      """
      table inet bench
      delete table inet bench
      table inet bench {
        counter come { }
        counter passed { }
        chain come {
          type filter hook prerouting priority -400; policy accept;
          meta l4proto udp th dport %1$d counter name come
        }
        chain passed {
          type filter hook forward priority 100; policy accept;
          meta l4proto udp th dport %1$d ct state new counter name passed %2$s
        }
      }
      """;

  /** Drops whatever reaches either end, so that it does almost no work. */
  private static final String SINK =
      """
      table inet sink {
        chain come {
          type filter hook prerouting priority -400; policy accept;
          meta l4proto udp drop
        }
      }
      """;

  /** What happens to a packet that has passed; either way the next one is the first of its flow. */
  public enum End {
    /** The router drops it, so that no connection is made. */
    JUDGED("drop"),
    /** The server receives it, and its connection ends at once. */
    MADE("");

    private final String verdict;

    End(String verdict) {
      this.verdict = verdict;
    }
  }

  private final Namespace clients;
  private final Namespace router;
  private final Namespace server;

  private Route(Namespace clients, Namespace router, Namespace server) {
    this.clients = clients;
    this.router = router;
    this.server = server;
  }

  public static IpAddress client(Family family, int index) {
    return address(family, 1, 2 + index);
  }

  public static IpAddress server(Family family) {
    return address(family, 2, 2);
  }

  /** Returns the server's network, which stands for a node's pod CIDR. */
  public static IpRange ofServer(Family family) {
    return new Cidr(server(family), family == Family.V4 ? 24 : 64).range();
  }

  private static IpAddress address(Family family, int net, int host) {
    return IpAddress.parse(
        switch (family) {
          case V4 -> "10.244." + net + "." + host;
          case V6 -> "fd00:10:244:" + net + "::" + Integer.toHexString(host);
        });
  }

  /** Creates the namespaces and links. */
  public static Route make() throws InterruptedException {
    var route = new Route(Namespace.make(), Namespace.make(), Namespace.make());
    try {
      route.build();
      return route;
    } catch (RuntimeException | InterruptedException e) {
      route.close();
      throw e;
    }
  }

  private void build() throws InterruptedException {
    for (var namespace : List.of(clients, router, server)) {
      namespace.set("ipv6/conf/all/disable_ipv6", "0");
      namespace.set("ipv6/conf/default/disable_ipv6", "0");
    }
    router.set("ipv4/ip_forward", "1");
    router.set("ipv6/conf/all/forwarding", "1");
    join("clients", clients, 1, CLIENTS);
    join("server", server, 2, 1);
    server.nft(SINK);
    clients.nft(SINK);
    router.set("netfilter/nf_conntrack_udp_timeout", "0");
    count(End.JUDGED);
  }

  private void join(String link, Namespace end, int net, int hosts) throws InterruptedException {
    router.ip(List.of("link add " + link + " type veth peer name eth0 netns " + end.name()));
    var inRouter = new ArrayList<>(List.of("link set lo up", "link set " + link + " up"));
    var inEnd = new ArrayList<>(List.of("link set lo up", "link set eth0 up"));
    for (var family : Family.values()) {
      var length = family == Family.V4 ? "/24" : "/64 nodad";
      inRouter.add("address add " + address(family, net, 1) + length + " dev " + link);
      IntStream.range(0, hosts)
          .mapToObj(i -> address(family, net, 2 + i))
          .forEach(ip -> inEnd.add("address add " + ip + length + " dev eth0"));
      inEnd.add("route add default via " + address(family, net, 1) + " dev eth0");
    }
    router.ip(inRouter);
    end.ip(inEnd);
  }

  /** Makes the router count, from zero, what arrives and what passes. */
  public void count(End end) throws InterruptedException {
    router.nft(COUNTERS.formatted(PORT, end.verdict));
  }

  /** Returns the namespace of the clients. */
  public Namespace clients() {
    return clients;
  }

  /** Returns the namespace of the server. */
  public Namespace server() {
    return server;
  }

  public Namespace router() {
    return router;
  }

  @Override
  public void close() {
    try (server;
        router;
        clients) {
      // closes all of them, even if one fails
    }
  }
}
