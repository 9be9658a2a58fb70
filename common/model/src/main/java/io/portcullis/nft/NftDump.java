package io.portcullis.nft;

import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.Digest;
import io.portcullis.ruleset.RuleSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * What a table in the kernel holds, as {@link DumpReader} reads it back from nft. Of a table that
 * {@link NftRenderer} wrote, the rule set is the written one without its informative parts, which
 * the kernel does not know, and nothing is unexpected; so the digests are equal.
 *
 * @param rules the rule set that the table holds
 * @param unexpected everything else: what others put there, what is changed, what is missing
 * @param counters by key of the chain's record, one for each rule and last one for the chain's end;
 *     a rule without a counter counts nothing
 * @param stamp the version that the table says it holds
 * @param local what only the node knows; no part of the digest
 * @param retired what rules counted that are gone; no part of the digest
 * @param guard how long the guard of new pods still stands; no part of the digest
 * @param mark the mark of connections that are cut; no part of the digest
 * @param narrowed the endpoints whose live connections are judged again; no part of the digest
 */
public record NftDump(
    RuleSet rules,
    List<Unexpected> unexpected,
    SortedMap<String, List<Counter>> counters,
    Optional<Stamp> stamp,
    LocalSets local,
    RetiredCounters retired,
    GuardLease guard,
    CutMark mark,
    SortedSet<IpAddress> narrowed) {

  /**
   * Something that is not as {@link NftRenderer} writes it.
   *
   * @param key the kind and the name of the object
   * @param content what nft lists there, or what is missing
   */
  public record Unexpected(String key, String content) implements Comparable<Unexpected> {
    @Override
    public int compareTo(Unexpected other) {
      var byKey = key.compareTo(other.key);
      return byKey != 0 ? byKey : content.compareTo(other.content);
    }
  }

  /**
   * Returns this dump, in which other local sets, another mark or other narrowed ones are
   * unexpected.
   */
  public NftDump expecting(
      LocalSets expected, CutMark expectedMark, SortedSet<IpAddress> expectedNarrowed) {
    var more = new ArrayList<>(unexpected);
    local
        .differences(expected)
        .forEach((set, members) -> more.add(new Unexpected("set/" + set, members)));
    if (!mark.equals(expectedMark)) {
      more.add(
          new Unexpected("chain/" + ObjectNames.CONNECTIONS, mark + " instead of " + expectedMark));
    }
    if (!narrowed.equals(expectedNarrowed)) {
      more.add(
          new Unexpected(
              "set/" + ObjectNames.narrowed(Family.V4),
              narrowed + " instead of " + expectedNarrowed));
    }
    return new NftDump(
        rules,
        more.stream().sorted().toList(),
        counters,
        stamp,
        local,
        retired,
        guard,
        mark,
        narrowed);
  }

  /** Returns the digest of the rules; anything unexpected makes it another one. */
  public Digest digest() {
    var digest = rules.digest();
    for (var each : unexpected) {
      digest = digest.plus("alien/" + each.key(), each.content()); // as every release computes it
    }
    return digest;
  }
}
