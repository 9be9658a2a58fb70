package io.portcullis.agent.rest;

import io.portcullis.nft.NftDump;
import io.portcullis.nft.NftDump.Unexpected;
import io.portcullis.nft.Stamp;
import io.portcullis.ruleset.Digest;
import io.portcullis.ruleset.RuleSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the kernel holds.
 *
 * @param table whether our table is there
 * @param stamp of the version that the table says to hold
 * @param aliens objects in the table that are not ours, changed or missing
 */
record KernelView(
    String node,
    boolean table,
    String digest,
    Optional<Stamp> stamp,
    List<Unexpected> aliens,
    List<RecordView> records) {

  static KernelView of(String node, Optional<NftDump> dump) {
    return new KernelView(
        node,
        dump.isPresent(),
        dump.map(NftDump::digest).orElse(Digest.EMPTY).hex(),
        dump.flatMap(NftDump::stamp),
        dump.map(NftDump::unexpected).orElse(List.of()),
        RecordView.of(
            dump.map(NftDump::rules).orElse(RuleSet.EMPTY),
            dump.map(NftDump::counters).orElseGet(TreeMap::new)));
  }
}
