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

/** The file that holds one node's rules, ready for {@code nft -f}. */
final class NodeFile {
  static final String SUFFIX = ".nft";

  /** What file systems take, in bytes. */
  private static final int LONGEST_NAME = 255;

  /** A name of one part, that cannot lead elsewhere. */
  private static final Pattern PLAIN = Pattern.compile("[a-z0-9]([-.a-z0-9]*[a-z0-9])?");

  private static final String HEADER =
      """
      # Portcullis: node %s, compiled from manifests
      # digest %s
      #
      # Load it in that node's network namespace: nft -f %s
      # It replaces the whole table inet %s in one transaction. Over a table that enforces already, an agent is the
      # safe way: during such a transaction packets under way can meet old rules with new elements and pass.
      # Its set pod_links is empty: which links are those of local pods is known on the node alone, so no table of this
      # file keeps a pod from sending with another's address; an agent fills it.
      # Its sets guard_0 and guard_1 are empty: pods that are not known yet are not shut off. That, too, is for an agent,
      # as nobody else knows whether the pods' versions still come.
      """;

  private NodeFile() {}

  /** Whether a node of this name can have a file. */
  static boolean fits(String node) {
    return PLAIN.matcher(node).matches() && node.length() + SUFFIX.length() <= LONGEST_NAME;
  }

  /**
   * Writes it as a whole, or not at all.
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
