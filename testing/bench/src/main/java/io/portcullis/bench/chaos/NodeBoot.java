package io.portcullis.bench.chaos;

import io.portcullis.agent.netlink.Libc;
import io.portcullis.agent.netlink.Netlink;
import io.portcullis.agent.netlink.NetlinkSocket;
import io.portcullis.lab.Lab;
import io.portcullis.lab.network.NamespaceProgram;
import io.portcullis.lab.network.NamespaceThreads;
import io.portcullis.lab.network.NetworkException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;

/**
 * A boot of a node: its tables are gone, the file that the unit of a host loads before the first
 * packet is loaded in the same transaction, and the kernel knows no connection any more.
 */
final class NodeBoot {
  private static final int DELETE = 1 << 8 | 2; // NFNL_SUBSYS_CTNETLINK, IPCTNL_MSG_CT_DELETE

  private NodeBoot() {}

  /** Lets the node have booted; its agent is to be killed before. */
  static void boot(Lab lab, String node) throws IOException, InterruptedException {
    lab.power().boot(node);
    var closed = hasFile(lab, node) ? Files.readString(file(lab, node)) : "";
    try {
      NamespaceProgram.run(lab.names().node(node), "flush ruleset\n" + closed, "nft", "-f", "-");
    } catch (NetworkException e) {
      throw new IllegalStateException(node + ": its boot file cannot be loaded", e);
    }
    forgetConnections(lab.names().node(node));
  }

  /** Deletes all of them, which a message without a tuple does. */
  private static void forgetConnections(String namespace) throws InterruptedException {
    try {
      var error =
          NamespaceThreads.call(
              "boot",
              () -> {
                NamespaceThreads.enter(namespace);
                try (var socket = new NetlinkSocket(Libc.load(), Libc.NETLINK_NETFILTER)) {
                  var all = MemorySegment.ofArray(new byte[Netlink.NETFILTER_HEADER]);
                  return socket.ask(DELETE, NetlinkSocket.ACKNOWLEDGE, all, (_, _) -> {});
                }
              });
      if (error != 0) {
        throw new IllegalStateException(namespace + ": connections stay: error " + error);
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(namespace + ": connections stay", e.getCause());
    }
  }

  /** Tells whether the node's agent has written the file. */
  static boolean hasFile(Lab lab, String node) {
    return Files.exists(file(lab, node));
  }

  private static Path file(Lab lab, String node) {
    return lab.disk(node).resolve("boot.nft");
  }
}
