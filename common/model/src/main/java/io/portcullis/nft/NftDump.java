package io.portcullis.nft;

import io.portcullis.ruleset.Digest;
import io.portcullis.ruleset.RuleSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * What a table in the kernel holds, as read back from nft. Of what {@link NftRenderer} wrote, the
 * rule set is the same but for its informative parts, which the kernel does not know, and there are
 * no aliens; so the digests are equal.
 *
 * @param rules what of the table is a rule set of ours
 * @param aliens all else: what others put there, what is changed, what is missing
 * @param counters by key of the chain's record, one a rule, the last one of the chain's end; a rule
 *     without a counter counts nothing
 * @param stamp whose version the table says that it is
 * @param links of local pods; the node alone knows which they are, so they are no part of the
 *     digest
 * @param ledger what was counted by rules that are gone
 * @param guard how long the guard of new pods still stands; likewise
 * @param mark of connections that are cut; likewise
 */
public record NftDump(
    RuleSet rules,
    List<Alien> aliens,
    SortedMap<String, List<Counter>> counters,
    Optional<Stamp> stamp,
    SortedSet<String> links,
    RetiredCounters ledger,
    GuardLease guard,
    CutMark mark) {

  /**
   * Something that is not as {@link NftRenderer} writes it.
   *
   * @param key where: the kind and the name of the object
   * @param content what is there, as nft lists it, or what is not
   */
  public record Alien(String key, String content) implements Comparable<Alien> {
    @Override
    public int compareTo(Alien other) {
      var byKey = key.compareTo(other.key);
      return byKey != 0 ? byKey : content.compareTo(other.content);
    }
  }

  /** How often a rule matched. */
  public record Counter(long packets, long bytes) {
    public static final Counter ZERO = new Counter(0, 0);

    /** Both together. */
    public Counter plus(Counter other) {
      return new Counter(packets + other.packets, bytes + other.bytes);
    }
  }

  /**
   * Reads what {@code nft -j list table inet <table>} prints.
   *
   * @throws IllegalArgumentException when it is no such listing; a listing of anything is none of
   *     these cases
   */
  public static NftDump parse(String json) {
    return DumpReader.read(json);
  }

  /** The same; where it holds other links than these, or another mark, that is alien. */
  public NftDump expecting(SortedSet<String> expectedLinks, CutMark expectedMark) {
    var more = new ArrayList<>(aliens);
    if (!links.equals(expectedLinks)) {
      more.add(new Alien("set/" + ObjectNames.POD_LINKS, links + " instead of " + expectedLinks));
    }
    if (!mark.equals(expectedMark)) {
      more.add(new Alien("chain/" + ObjectNames.CONNECTIONS, mark + " instead of " + expectedMark));
    }
    return new NftDump(
        rules, more.stream().sorted().toList(), counters, stamp, links, ledger, guard, mark);
  }

  /** The digest of the rules; another one as soon as there is an alien. */
  public Digest digest() {
    var digest = rules.digest();
    for (var alien : aliens) {
      digest = digest.plus("alien/" + alien.key(), alien.content());
    }
    return digest;
  }
}
