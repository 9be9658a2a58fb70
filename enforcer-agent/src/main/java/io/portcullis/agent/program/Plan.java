package io.portcullis.agent.program;

import static io.portcullis.nft.NftRenderer.SWAP_TABLE;
import static io.portcullis.nft.NftRenderer.TABLE;

import io.portcullis.nft.Edit;
import io.portcullis.nft.Edits;
import io.portcullis.nft.NftRenderer;
import io.portcullis.nft.Stamp;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Transactions in the order in which they must run.
 *
 * <p>A live table is replaced only while a second one enforces the new version: the kernel reads
 * sets afresh at each look-up, so a packet that is under way during the replacement may meet half
 * of each version and pass; while both tables are there it needs both.
 *
 * @param steps none when the kernel holds the version already
 * @param undo what to run when a step after the first failed, so that the last version alone is
 *     enforced
 */
public record Plan(List<Step> steps, Optional<Step> undo) {
  private static final Step SWAP_OUT = new Step(Name.SWAP_OUT, NftRenderer.remove(SWAP_TABLE));

  /** Ends a change whose live table is whole. */
  public static final Plan SWAP_OUT_ALONE = new Plan(List.of(SWAP_OUT), Optional.empty());

  public Plan {
    steps = List.copyOf(steps);
  }

  /** Whether the live table is left as it is. */
  public boolean keepsTheTable() {
    return steps.stream().allMatch(step -> step.name() == Name.SWAP_OUT);
  }

  /** Whether all that it does to a table that holds the version before lets more pass. */
  public boolean opens() {
    return steps.stream()
        .allMatch(step -> step.name() == Name.OPEN_MEMBERS || step.name() == Name.STAMP);
  }

  /** One transaction. */
  public record Step(Name name, String transaction) {}

  /** What a step is for. */
  public enum Name {
    /** The table is made where there was none. */
    FIRST,
    /** The new version is enforced beside what is live. */
    SWAP_IN,
    /** The live table is replaced. */
    REPLACE,
    /** The second table goes. */
    SWAP_OUT,
    /** New sets and chains come, which nothing leads to yet. */
    PREPARE,
    /** The live table lets pass what both versions let pass. */
    RESTRICT,
    /** Members join what accepts and leave what denies. */
    OPEN_MEMBERS,
    /** Addresses lead to their new chains. */
    OPEN_CHAINS,
    /** Sets and chains go that nothing leads to any more. */
    CLEAN_UP,
    /** The live table says that it is of another version with the same content. */
    STAMP
  }

  /**
   * What brings a kernel that holds the one version, and it alone, to the next one, at the cost of
   * what differs.
   *
   * @param change that makes the one of the other
   * @return none where it must be replaced as a whole
   */
  public static Optional<Plan> toNext(
      RuleSet before, RuleSet after, RuleSetChange change, Stamp stamp) {
    return Steps.between(before, after, change, stamp)
        .map(
            edits ->
                new Plan(
                    edits.entrySet().stream()
                        .map(step -> new Step(step.getKey(), Edits.text(TABLE, step.getValue())))
                        .toList(),
                    Optional.empty()));
  }

  /** What brings a kernel with those tables to that version. */
  public static Plan toHold(RuleSet rules, Stamp stamp, Tables tables) {
    return toHold(rules, stamp.digest(), stamp, tables);
  }

  /**
   * The same where the kernel cannot hold all of the version.
   *
   * @param digest of these rules
   */
  public static Plan toHold(RuleSet rules, String digest, Stamp stamp, Tables tables) {
    var steps = new ArrayList<Step>();
    if (tables.live().isEmpty()) {
      // a swap table without a live one is all that enforces: it goes last
      steps.add(new Step(Name.FIRST, NftRenderer.replace(rules, TABLE, stamp)));
      if (tables.swap()) {
        steps.add(SWAP_OUT);
      }
      return new Plan(steps, Optional.empty());
    }
    var live = tables.live().get();
    if (live.digest().equals(digest)) {
      if (live.stamp().filter(stamp::isOfSameVersion).isEmpty()) {
        steps.add(new Step(Name.STAMP, Edits.text(TABLE, List.of(new Edit.Restamp(stamp)))));
      }
      if (tables.swap()) {
        steps.add(SWAP_OUT);
      }
      return new Plan(steps, Optional.empty());
    }
    steps.add(new Step(Name.SWAP_IN, NftRenderer.replace(rules, SWAP_TABLE, stamp)));
    steps.add(new Step(Name.REPLACE, NftRenderer.replace(rules, TABLE, stamp)));
    steps.add(SWAP_OUT);
    return new Plan(steps, Optional.of(SWAP_OUT));
  }
}
