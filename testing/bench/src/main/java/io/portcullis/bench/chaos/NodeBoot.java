package io.portcullis.bench.chaos;

import io.portcullis.lab.Lab;
import io.portcullis.lab.network.NamespaceProgram;
import io.portcullis.lab.network.NetworkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A boot of a node: its tables are gone, and the file that the unit of a host loads before the
 * first packet is loaded in the same transaction.
 */
final class NodeBoot {
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
  }

  /** Tells whether the node's agent has written the file. */
  static boolean hasFile(Lab lab, String node) {
    return Files.exists(file(lab, node));
  }

  private static Path file(Lab lab, String node) {
    return lab.disk(node).resolve("boot.nft");
  }
}
