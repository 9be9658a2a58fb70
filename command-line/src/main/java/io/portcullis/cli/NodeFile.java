package io.portcullis.cli;

import io.portcullis.nft.NftRenderer;
import io.portcullis.ruleset.RuleSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.regex.Pattern;

/** Writes one node's rules to a file that {@code nft -f} loads. */
final class NodeFile {
  static final String SUFFIX = ".nft";

  /** The longest name that file systems allow, in bytes. */
  private static final int LONGEST_NAME = 255;

  /** A name that cannot lead to another directory. */
  private static final Pattern PLAIN = Pattern.compile("[a-z0-9]([-.a-z0-9]*[a-z0-9])?");

  private static final String HEADER =
      """
      # Portcullis: node %s, compiled from manifests
      # digest %s
      #
      # Load it in that node's network namespace: nft -f %s
      # It replaces the whole table inet %s in one transaction. If that table enforces policy already, use an agent:
      # while the table is replaced, packets can meet old rules with new elements and pass.
      # The set pod_links is empty, because only the node knows the links of its pods. Until an agent fills it, a pod
      # can send with another pod's address.
      # The sets guard_0 and guard_1 are empty, so pods that are not known yet are not cut off. Only an agent can tell
      # whether rules for new pods still arrive.
      """;

  private NodeFile() {}

  /** Returns whether a node of this name can have a file. */
  static boolean fits(String node) {
    return PLAIN.matcher(node).matches() && node.length() + SUFFIX.length() <= LONGEST_NAME;
  }

  /**
   * Writes the file as a whole, or not at all.
   *
   * @return the file
   */
  static Path write(Path directory, String node, RuleSet rules) throws IOException {
    if (!fits(node)) {
      throw new IllegalArgumentException("not a name for a file: " + node);
    }
    var file = directory.resolve(node + SUFFIX);
    var written = directory.resolve("." + UUID.randomUUID() + ".tmp");
    try {
      Files.writeString(written, text(node, rules), StandardOpenOption.CREATE_NEW);
      Files.move(
          written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(written);
    }
    return file;
  }

  private static String text(String node, RuleSet rules) {
    return HEADER.formatted(node, rules.digest().hex(), node + SUFFIX, NftRenderer.TABLE)
        + NftRenderer.readable(rules, NftRenderer.TABLE);
  }
}
