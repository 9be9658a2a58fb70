package io.portcullis.agent.drift;

import io.portcullis.agent.program.Tables;
import io.portcullis.nft.NftDump;
import io.portcullis.nft.NftDump.Unexpected;
import io.portcullis.nft.NftRenderer;
import io.portcullis.ruleset.RuleSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The difference between the kernel's table and the rule set that was enforced.
 *
 * @param table what became of the table as a whole
 * @param missing keys of records that are not there
 * @param added keys of records that are there and should not be
 * @param changed keys of records that are there with another content
 * @param aliens what is there and is no record of ours, or is not as we write it
 */
public record TableDifference(
    Table table,
    Listed<String> missing,
    Listed<String> added,
    Listed<String> changed,
    Listed<Unexpected> aliens) {

  /** What became of the table as a whole. */
  public enum Table {
    /** The table is there. */
    CHANGED,
    /** The table was removed. */
    MISSING,
    /** The table is there, but nft cannot list it as JSON. */
    UNREADABLE
  }

  /**
   * The first of a number of things.
   *
   * @param count of all
   */
  public record Listed<T>(long count, List<T> first) {
    private static final int LONGEST = 50;

    static <T> Listed<T> of(List<T> all) {
      return new Listed<>(all.size(), List.copyOf(all.subList(0, Math.min(LONGEST, all.size()))));
    }
  }

  /**
   * Compares tables that are not the same.
   *
   * @param rules that were enforced
   * @param tables that are there now
   * @param live what the live one holds, where it can be read
   */
  public static TableDifference between(RuleSet rules, Tables tables, Optional<NftDump> live) {
    var missing = new ArrayList<String>();
    var added = new ArrayList<String>();
    var changed = new ArrayList<String>();
    var aliens = new ArrayList<Unexpected>();
    live.ifPresent(
        dump -> {
          compare(rules, dump.rules(), missing, added, changed);
          aliens.addAll(dump.unexpected());
          if (dump.stamp().isEmpty()) {
            aliens.add(new Unexpected("chain/stamp", "says no version"));
          }
        });
    if (tables.swap() && tables.live().isPresent()) { // alone it stands in for the other
      aliens.add(new Unexpected("table/" + NftRenderer.SWAP_TABLE, "a second table that enforces"));
    }
    return new TableDifference(
        table(tables, live),
        Listed.of(missing),
        Listed.of(added),
        Listed.of(changed),
        Listed.of(aliens));
  }

  private static Table table(Tables tables, Optional<NftDump> live) {
    if (tables.live().isEmpty()) {
      return Table.MISSING;
    }
    return live.isPresent() ? Table.CHANGED : Table.UNREADABLE;
  }

  private static void compare(
      RuleSet rules,
      RuleSet actual,
      List<String> missing,
      List<String> added,
      List<String> changed) {
    var expected = rules.records();
    var found = actual.records();
    expected.forEach(
        (key, item) -> {
          var there = found.get(key);
          if (there == null) {
            missing.add(key);
          } else if (!there.canonical().equals(item.canonical())) {
            changed.add(key);
          }
        });
    for (var key : found.keySet()) {
      if (!expected.containsKey(key)) {
        added.add(key);
      }
    }
  }

  @Override
  public String toString() {
    return switch (table) {
      case MISSING -> "the table is gone";
      case UNREADABLE -> "the table cannot be read";
      case CHANGED ->
          "%d records missing, %d added, %d changed, %d things that are none of ours"
              .formatted(missing.count(), added.count(), changed.count(), aliens.count());
    };
  }
}
