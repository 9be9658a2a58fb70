package io.portcullis.agent.program;

import static io.portcullis.nft.NftRenderer.SWAP_TABLE;
import static io.portcullis.nft.NftRenderer.TABLE;

import io.portcullis.net.IpAddress;
import io.portcullis.nft.Edit;
import io.portcullis.nft.EditRenderer;
import io.portcullis.nft.NftRenderer;
import io.portcullis.nft.Stamp;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The transactions of a change, in the order in which they must run.
 *
 * <p>A live table is replaced only while a second one enforces the new version: the kernel reads
 * sets afresh at each look-up, so a packet that is under way during the replacement may meet half
 * of each version and pass; while both tables are there it needs both.
 *
 * @param steps none when the kernel holds the version already
 * @param undo the transaction to run when a step after the first one failed, so that only the last
 *     version is enforced
 * @param narrowed endpoints whose live connections the steps let the kernel judge again (C2); a
 *     table that is made anew judges all again
 */
public record Plan(List<Step> steps, Optional<Step> undo, SortedSet<IpAddress> narrowed) {
  private static final Step SWAP_OUT = new Step(StepName.SWAP_OUT, NftRenderer.remove(SWAP_TABLE));

  /** Removes the swap table of an interrupted change whose live table is whole. */
  public static final Plan SWAP_OUT_ALONE = new Plan(List.of(SWAP_OUT), Optional.empty());

  public Plan {
    steps = List.copyOf(steps);
    narrowed = Collections.unmodifiableSortedSet(narrowed);
  }

  public Plan(List<Step> steps, Optional<Step> undo) {
    this(steps, undo, new TreeSet<>());
  }

  /** Returns whether the live table is made anew. */
  public boolean isOfNewTable() {
    return steps.stream()
        .anyMatch(step -> step.name() == StepName.FIRST || step.name() == StepName.REPLACE);
  }

  /** Returns whether the live table is left as it is. */
  public boolean keepsTheTable() {
    return steps.stream().allMatch(step -> step.name() == StepName.SWAP_OUT);
  }

  /** One transaction and its purpose. */
  public record Step(StepName name, String transaction) {
    /** Returns this step with more edits of the table that it changes. */
    public Step with(List<Edit> more) {
      var table = name == StepName.SWAP_IN ? SWAP_TABLE : TABLE;
      return more.isEmpty() ? this : new Step(name, transaction + EditRenderer.text(table, more));
    }
  }

  /**
   * Returns what brings a kernel that holds only the version before to the next one. It costs what
   * differs between the two.
   *
   * @param change from the one rule set to the other
   * @param live what is known of live connections
   * @return none where the table must be replaced as a whole
   */
  public static Optional<Plan> toNext(
      RuleSet before, RuleSet after, RuleSetChange change, Stamp stamp, LiveState live) {
    return Steps.between(before, after, change, stamp, live)
        .map(
            found ->
                new Plan(
                    found.edits().entrySet().stream()
                        .map(
                            step ->
                                new Step(step.getKey(), EditRenderer.text(TABLE, step.getValue())))
                        .toList(),
                    Optional.empty(),
                    found.narrowed()));
  }

  /** Returns what brings a kernel with those tables to that version. */
  public static Plan toHold(RuleSet rules, Stamp stamp, Tables tables) {
    return toHold(rules, stamp.digest(), stamp, tables);
  }

  /**
   * Returns what brings a kernel with those tables to a version that it cannot hold completely.
   *
   * @param rules that the kernel can hold of the version
   * @param digest of these rules
   * @param stamp of the version
   */
  public static Plan toHold(RuleSet rules, String digest, Stamp stamp, Tables tables) {
    var steps = new ArrayList<Step>();
    if (tables.live().isEmpty()) {
      // a swap table without a live one is all that enforces: it goes last
      steps.add(new Step(StepName.FIRST, NftRenderer.replace(rules, TABLE, stamp)));
      if (tables.swap()) {
        steps.add(SWAP_OUT);
      }
      return new Plan(steps, Optional.empty());
    }
    var live = tables.live().get();
    if (live.digest().equals(digest)) {
      if (live.stamp().filter(stamp::isOfSameVersion).isEmpty()) {
        steps.add(
            new Step(StepName.STAMP, EditRenderer.text(TABLE, List.of(new Edit.SetStamp(stamp)))));
      }
      if (tables.swap()) {
        steps.add(SWAP_OUT);
      }
      return new Plan(steps, Optional.empty());
    }
    steps.add(new Step(StepName.SWAP_IN, NftRenderer.replace(rules, SWAP_TABLE, stamp)));
    steps.add(new Step(StepName.REPLACE, NftRenderer.replace(rules, TABLE, stamp)));
    steps.add(SWAP_OUT);
    return new Plan(steps, Optional.of(SWAP_OUT));
  }
}
