package io.portcullis.lab.kafka;

import io.portcullis.lab.network.NamespaceProgram;
import io.portcullis.lab.network.NetworkException;
import io.portcullis.lab.network.ShortProgram;
import java.util.UUID;
import java.util.stream.Stream;

/** A namespace for brokers and servers and one for each node, on one bridge. It needs root. */
final class ClusterNetwork implements AutoCloseable {
  static final String HUB = "198.18.77.1";

  private final String prefix = "pc-" + UUID.randomUUID().toString().substring(0, 6) + "-";
  private final int nodes;

  /**
   * Creates the network.
   *
   * @param nodes how many nodes there are, at most nine
   */
  ClusterNetwork(int nodes) throws InterruptedException {
    this.nodes = nodes;
    ip("netns", "add", hub());
    inHub("ip", "link", "set", "lo", "up");
    inHub("ip", "link", "add", "br0", "type", "bridge");
    inHub("ip", "address", "add", HUB + "/24", "dev", "br0");
    inHub("ip", "link", "set", "br0", "up");
    for (var node = 1; node <= nodes; node++) {
      join(node);
    }
  }

  private void join(int node) throws InterruptedException {
    var link = "node" + node;
    ip("netns", "add", node(node));
    inHub("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", node(node));
    inHub("ip", "link", "set", link, "master", "br0", "up");
    NamespaceProgram.run(node(node), "", "ip", "link", "set", "lo", "up");
    NamespaceProgram.run(
        node(node), "", "ip", "address", "add", address(node) + "/24", "dev", "eth0");
    NamespaceProgram.run(node(node), "", "ip", "link", "set", "eth0", "up");
  }

  String hub() {
    return prefix + "hub";
  }

  String node(int node) {
    return prefix + "n" + node;
  }

  String address(int node) {
    return "198.18.77.1" + node;
  }

  /** Returns the nftables table of a node; empty if it has none. */
  String table(int node) {
    try {
      return NamespaceProgram.run(node(node), "", "nft", "list", "table", "inet", "portcullis");
    } catch (NetworkException _) {
      return "";
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void inHub(String... command) throws InterruptedException {
    NamespaceProgram.run(hub(), "", command);
  }

  private static void ip(String... arguments) throws InterruptedException {
    ShortProgram.run(Stream.concat(Stream.of("ip"), Stream.of(arguments)).toList(), "");
  }

  @Override
  public void close() {
    try {
      for (var node = 1; node <= nodes; node++) {
        ip("netns", "delete", node(node));
      }
      ip("netns", "delete", hub());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
