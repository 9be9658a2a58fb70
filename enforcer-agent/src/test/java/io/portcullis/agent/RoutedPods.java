package io.portcullis.agent;

import io.portcullis.agent.kernel.InsideNamespace;
import io.portcullis.nft.TestNamespace;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A node with routed pods, each a network namespace with a link of its own, and real packets. */
final class RoutedPods implements AutoCloseable {
  static final String NODE_V4 = "192.0.2.1";
  static final String NODE_V6 = "2001:db8::1";
  private static final String GATEWAY = "169.254.1.1";
  private static final String GATEWAY_V6 = "fe80::1";

  private final TestNamespace node = TestNamespace.make();
  private final List<TestNamespace> pods = new ArrayList<>();

  RoutedPods(int number) {
    for (var setting :
        List.of(
            "net.ipv4.ip_forward=1",
            "net.ipv6.conf.all.forwarding=1",
            "net.ipv4.conf.all.rp_filter=0",
            "net.ipv4.conf.default.rp_filter=0")) {
      node.run("", "sysctl", "-qw", setting).orThrow();
    }
    ip(node, "link set lo up");
    ip(node, "addr add " + NODE_V4 + "/32 dev lo");
    ip(node, "addr add " + NODE_V6 + "/128 dev lo");
    for (var i = 1; i <= number; i++) {
      add(i);
    }
  }

  private void add(int number) {
    var pod = TestNamespace.make();
    pods.add(pod);
    var link = link(number);
    ip(node, "link add " + link + " type veth peer name eth0 netns " + pod.name());
    ip(node, "link set " + link + " up");
    ip(node, "addr add " + GATEWAY + "/32 dev " + link);
    ip(node, "addr add " + GATEWAY_V6 + "/64 dev " + link + " nodad");
    ip(pod, "link set lo up");
    ip(pod, "link set eth0 up");
    give(number, v4(number));
    give(number, v6(number));
    ip(pod, "route add " + GATEWAY + " dev eth0");
    ip(pod, "route add default via " + GATEWAY);
    ip(pod, "route add default via " + GATEWAY_V6 + " dev eth0");
    route(number);
  }

  void route(int number) {
    ip(node, "route add " + v4(number) + "/32 dev " + link(number));
    ip(node, "route add " + v6(number) + "/128 dev " + link(number));
  }

  /** Gives a pod an address, whether or not it is routed to it. */
  void give(int number, String address) {
    var isV6 = address.contains(":");
    ip(pod(number), "addr add " + address + (isV6 ? "/128 nodad" : "/32") + " dev eth0");
  }

  static String link(int number) {
    return "pod" + number;
  }

  static String v4(int number) {
    return "10.244.0." + number;
  }

  static String v6(int number) {
    return "fd00:244::" + number;
  }

  TestNamespace node() {
    return node;
  }

  TestNamespace pod(int number) {
    return pods.get(number - 1);
  }

  static String ip(TestNamespace namespace, String command) {
    return namespace
        .run(
            "",
            Stream.concat(Stream.of("ip"), Stream.of(command.split(" "))).toArray(String[]::new))
        .orThrow();
  }

  /** A socket of that namespace; it stays there, whichever thread uses it. */
  static DatagramSocket socket(TestNamespace namespace, String address, int port) throws Exception {
    return InsideNamespace.call(
        namespace.name(),
        () -> new DatagramSocket(new InetSocketAddress(InetAddress.getByName(address), port)));
  }

  static void send(DatagramSocket from, String address, int port, String text) throws IOException {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    from.send(new DatagramPacket(bytes, bytes.length, InetAddress.getByName(address), port));
  }

  /** All that comes until nothing has come for a while. */
  static List<String> received(DatagramSocket at) throws IOException {
    at.setSoTimeout(400);
    var texts = new ArrayList<String>();
    try {
      while (true) {
        var packet = new DatagramPacket(new byte[100], 100);
        at.receive(packet);
        texts.add(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8));
      }
    } catch (SocketTimeoutException _) {
      return texts;
    }
  }

  @Override
  public void close() {
    pods.forEach(TestNamespace::close);
    node.close();
  }
}
