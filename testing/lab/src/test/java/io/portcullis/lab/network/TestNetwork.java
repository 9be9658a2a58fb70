package io.portcullis.lab.network;

import io.portcullis.net.IpAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.stream.Stream;

/** Builds parts of topologies, and runs commands in their namespaces. */
public final class TestNetwork {
  private static final int CLOSED_PORT = 9;

  private TestNetwork() {}

  public static Topology.Node node(String name, String... addresses) {
    return new Topology.Node(name, ips(addresses));
  }

  public static Topology.Pod pod(String name, String node, String... addresses) {
    return new Topology.Pod(name, node, ips(addresses));
  }

  private static List<IpAddress> ips(String... addresses) {
    return Stream.of(addresses).map(IpAddress::parse).toList();
  }

  /** Tells whether a packet to that address arrives and an answer comes back. */
  public static boolean reaches(String namespace, String address) throws Exception {
    return NamespaceThreads.call(
        "test-reach",
        () -> {
          NamespaceThreads.enter(namespace);
          try (var socket = new Socket()) {
            socket.connect(
                new InetSocketAddress(InetAddress.ofLiteral(address), CLOSED_PORT), 2_000);
            return true;
          } catch (ConnectException e) {
            return "Connection refused".equals(e.getMessage());
          } catch (IOException _) {
            return false; // unreachable, or no answer
          }
        });
  }

  /** Runs a command in a namespace; throws with its output if it fails. */
  public static String in(String namespace, String input, String... command) throws Exception {
    try {
      return NamespaceProgram.run(namespace, input, command);
    } catch (NetworkException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }
}
