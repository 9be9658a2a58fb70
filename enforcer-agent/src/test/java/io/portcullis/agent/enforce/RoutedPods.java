package io.portcullis.agent.enforce;

import io.portcullis.Patience;
import io.portcullis.agent.kernel.InsideNamespace;
import io.portcullis.agent.kernel.PodNetwork;
import io.portcullis.nft.TestNamespace;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A node with routed pods, each a network namespace with a link of its own, and real packets. */
final class RoutedPods implements AutoCloseable {
  static final String NODE_V4 = "192.0.2.1";
  static final String NODE_V6 = "2001:db8::1";

  private static final AtomicInteger LAST = new AtomicInteger();

  private final TestNamespace node = TestNamespace.make();
  private final PodNetwork network = new PodNetwork(node);
  private final List<TestNamespace> pods = new ArrayList<>();

  RoutedPods(int number) {
    for (var setting :
        List.of("net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.default.rp_filter=0")) {
      node.run("", "sysctl", "-qw", setting).orThrow();
    }
    ip(node, "addr add " + NODE_V4 + "/32 dev lo");
    ip(node, "addr add " + NODE_V6 + "/128 dev lo");
    for (var i = 1; i <= number; i++) {
      pods.add(network.pod(v4(i), v6(i)));
    }
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

  /** Receives so many packets. */
  static List<String> received(DatagramSocket at, int number) throws IOException {
    var texts = new ArrayList<String>();
    while (texts.size() < number) {
      texts.add(next(at));
    }
    return texts;
  }

  /**
   * Receives all that comes before a last packet: what was sent before it and does not come was
   * dropped.
   *
   * @param free a socket whose packets nobody drops
   */
  static List<String> receivedBeforeLast(DatagramSocket at, DatagramSocket free)
      throws IOException {
    var last = "last " + LAST.incrementAndGet();
    send(free, at.getLocalAddress().getHostAddress(), at.getLocalPort(), last);
    var texts = new ArrayList<String>();
    for (var text = next(at); !text.equals(last); text = next(at)) {
      texts.add(text);
    }
    return texts;
  }

  private static String next(DatagramSocket at) throws IOException {
    at.setSoTimeout((int) Patience.LIMIT.toMillis());
    var packet = new DatagramPacket(new byte[100], 100);
    at.receive(packet);
    return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    network.close();
    node.close();
  }
}
