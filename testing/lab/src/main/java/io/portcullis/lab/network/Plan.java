package io.portcullis.lab.network;

import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The commands of {@code ip} that build and remove each part of a lab.
 *
 * <pre>
 *   pod ── eth0/pc… ── node ── eth0/pc… ── fabric ── pc…/eth0 ── outside host
 *                        │ mgmt0
 *   lab ── pclab… ── management: bridge, Kafka, watchers, compilers
 * </pre>
 *
 * Everything is routed: each link has a gateway at its upper end and a host route per address, so a
 * node forwards all that its pods say. A node keeps the route to the management network in a table
 * for its own packets only: what it forwards never gets there.
 */
final class Plan {
  private static final String POD_GATEWAY = "169.254.1.1";
  private static final String FABRIC_GATEWAY = "169.254.1.254";
  private static final String BELOW_FABRIC = "169.254.1.2";
  private static final String GATEWAY_V6 = "fe80::1";
  private static final String BELOW_V6 = "fe80::2";
  private static final String OWN_PACKETS_TABLE = "100";

  private final Names names;
  private final ManagementNetwork management;

  Plan(Names names, ManagementNetwork management) {
    this.names = names;
    this.management = management;
  }

  /** Lines for one {@code ip -batch}, run in the given namespace or in the starting one. */
  record Batch(String namespace, List<String> lines) {
    static final String HERE = "";
  }

  /** Returns the commands that take the management block; they fail if another lab has it. */
  List<Batch> takeBlock() {
    return List.of(
        here(
            "link add %s type veth peer name lab netns %s"
                .formatted(management.link(), names.management())));
  }

  List<Batch> releaseBlock() {
    return List.of(here("link delete " + management.link()));
  }

  /** Returns the commands that create the management network and the fabric. */
  List<Batch> base() {
    var servers = new ArrayList<>(List.of("link set lo up"));
    servers.add("link add br0 type bridge stp_state 0 forward_delay 0");
    servers.add("link set lab master br0 up");
    management.servers().forEach(ip -> servers.add("addr add " + ip + "/24 dev br0"));
    servers.add("link set br0 up");
    return List.of(
        here(
            "link set " + management.link() + " addrgenmode none",
            "addr add " + management.lab() + "/24 dev " + management.link(),
            "link set " + management.link() + " up"),
        in(names.management(), servers),
        in(names.fabric(), "link set lo up"));
  }

  List<Batch> add(Topology.Node node, int index) {
    var own = names.node(node.name());
    var up = Names.link("node", node.name());
    var mgmt = Names.link("mgmt", node.name());
    var lines = new ArrayList<String>();
    lines.add("link set lo up");
    lines.add("link set eth0 up");
    lines.addAll(belowFabric(node.addresses()));
    lines.add("link set " + Names.MANAGEMENT_LINK + " up");
    lines.add("addr add " + management.node(index) + "/24 dev mgmt0 noprefixroute");
    lines.add(
        "rule add pref 100 iif lo to " + management.network() + " lookup " + OWN_PACKETS_TABLE);
    lines.add("route add " + management.network() + " dev mgmt0 table " + OWN_PACKETS_TABLE);
    return List.of(
        here(
            veth(names.fabric(), up, own, Names.UPLINK),
            veth(names.management(), mgmt, own, Names.MANAGEMENT_LINK)),
        in(names.management(), "link set " + mgmt + " master br0 up"),
        in(own, lines),
        in(names.fabric(), aboveInFabric(up, node.addresses().stream().map(Plan::host))));
  }

  List<Batch> remove(Topology.Node node) {
    return List.of(
        in(names.fabric(), "link delete " + Names.link("node", node.name())),
        in(names.management(), "link delete " + Names.link("mgmt", node.name())));
  }

  List<Batch> remove(Topology.Outside host) {
    return List.of(in(names.fabric(), "link delete " + Names.link("outside", host.name())));
  }

  List<Batch> add(Topology.Outside host) {
    var own = names.outside(host.name());
    var up = Names.link("outside", host.name());
    var lines = new ArrayList<String>();
    lines.add("link set lo up");
    lines.add("link set eth0 up");
    lines.addAll(belowFabric(host.addresses()));
    return List.of(
        here(veth(names.fabric(), up, own, Names.UPLINK)),
        in(own, lines),
        in(names.fabric(), aboveInFabric(up, host.networks().stream().map(Object::toString))));
  }

  List<Batch> add(Topology.Pod pod, Topology.Node node) {
    var own = names.pod(pod.name());
    var up = Names.link("pod", pod.name());
    var inPod = new ArrayList<String>();
    inPod.add("link set lo up");
    inPod.add("link set eth0 up");
    inPod.addAll(addresses(pod.addresses()));
    inPod.add("addr add " + BELOW_V6 + "/64 dev eth0 nodad");
    inPod.add("route add " + POD_GATEWAY + " dev eth0");
    inPod.add("route add default via " + POD_GATEWAY + " dev eth0");
    inPod.add("route add default via " + GATEWAY_V6 + " dev eth0");
    var onNode = new ArrayList<String>();
    onNode.add("link set " + up + " up");
    onNode.add("addr add " + POD_GATEWAY + "/32 dev " + up);
    onNode.add("addr add " + GATEWAY_V6 + "/64 dev " + up + " nodad");
    for (var ip : pod.addresses()) {
      onNode.add("route add " + host(ip) + " dev " + up + source(node, ip.family()));
    }
    return List.of(
        here(veth(names.node(node.name()), up, own, Names.UPLINK)),
        in(own, inPod),
        in(names.node(node.name()), onNode),
        in(
            names.fabric(),
            viaBelow(Names.link("node", node.name()), pod.addresses().stream().map(Plan::host))));
  }

  /**
   * Returns the commands that remove a pod. Its routes go first, so that another pod can take its
   * addresses at once.
   */
  List<Batch> remove(Topology.Pod pod) {
    return List.of(
        in(names.fabric(), pod.addresses().stream().map(ip -> "route delete " + host(ip)).toList()),
        in(names.node(pod.node()), "link delete " + Names.link("pod", pod.name())));
  }

  private static List<String> belowFabric(List<IpAddress> addresses) {
    var lines = new ArrayList<>(addresses(addresses));
    lines.add("addr add " + BELOW_FABRIC + "/32 dev eth0");
    lines.add("addr add " + BELOW_V6 + "/64 dev eth0 nodad");
    lines.add("route add " + FABRIC_GATEWAY + " dev eth0");
    lines.add(
        "route add default via " + FABRIC_GATEWAY + " dev eth0" + source(addresses, Family.V4));
    lines.add("route add default via " + GATEWAY_V6 + " dev eth0" + source(addresses, Family.V6));
    return lines;
  }

  private static List<String> aboveInFabric(String link, Stream<String> networks) {
    var lines = new ArrayList<String>();
    lines.add("link set " + link + " up");
    lines.add("addr add " + FABRIC_GATEWAY + "/32 dev " + link);
    lines.add("addr add " + GATEWAY_V6 + "/64 dev " + link + " nodad");
    lines.addAll(viaBelow(link, networks));
    return lines;
  }

  private static List<String> viaBelow(String link, Stream<String> networks) {
    return networks
        .map(
            network ->
                "route add "
                    + network
                    + " via "
                    + (network.contains(":") ? BELOW_V6 : BELOW_FABRIC + " onlink")
                    + " dev "
                    + link)
        .toList();
  }

  private static List<String> addresses(List<IpAddress> addresses) {
    return addresses.stream()
        .map(
            ip -> "addr add " + host(ip) + " dev eth0" + (ip.family() == Family.V6 ? " nodad" : ""))
        .toList();
  }

  private static String source(Topology.Node node, Family family) {
    return source(node.addresses(), family);
  }

  private static String source(List<IpAddress> addresses, Family family) {
    return addresses.stream()
        .filter(ip -> ip.family() == family)
        .findFirst()
        .map(ip -> " src " + ip)
        .orElse("");
  }

  private static String host(IpAddress ip) {
    return ip + "/" + ip.family().bits();
  }

  private static String veth(String upper, String upperLink, String lower, String lowerLink) {
    return "link add %s netns %s type veth peer name %s netns %s"
        .formatted(upperLink, upper, lowerLink, lower);
  }

  private static Batch here(String... lines) {
    return new Batch(Batch.HERE, List.of(lines));
  }

  private static Batch in(String namespace, String... lines) {
    return new Batch(namespace, List.of(lines));
  }

  private static Batch in(String namespace, List<String> lines) {
    return new Batch(namespace, List.copyOf(lines));
  }
}
