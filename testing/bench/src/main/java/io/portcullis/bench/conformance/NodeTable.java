package io.portcullis.bench.conformance;

import io.portcullis.lab.network.NamespaceProgram;
import io.portcullis.nft.DumpReader;
import io.portcullis.nft.NftRenderer;
import io.portcullis.ruleset.RuleSet;
import java.util.Optional;

/** Loads the rules of one node in its namespace with the {@code nft} program. */
final class NodeTable {
  private NodeTable() {}

  /**
   * Loads the rules and reads back what the kernel holds.
   *
   * @return how that differs, if it does
   */
  static Optional<String> load(String namespace, RuleSet rules) throws InterruptedException {
    NamespaceProgram.run(
        namespace, NftRenderer.replace(rules, NftRenderer.TABLE), "nft", "-f", "-");
    var dump =
        DumpReader.read(
            NamespaceProgram.run(
                namespace, "", "nft", "-j", "list", "table", "inet", NftRenderer.TABLE));
    return dump.digest().equals(rules.digest())
        ? Optional.empty()
        : Optional.of("the kernel holds other rules, including " + dump.unexpected());
  }
}
