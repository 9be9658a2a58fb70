package io.portcullis.agent.version;

import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;

/**
 * A rule set and the marker whose digest it has.
 *
 * @param since what was read before, and what made this of it
 */
public record Version(RuleSet rules, Marker marker, Since since) {

  /**
   * A change of one very rule set.
   *
   * @param before need not have been a version
   */
  public record Since(RuleSet before, RuleSetChange change) {}

  /** What makes this of that rule set; cheap where it is the one that was read before this. */
  public RuleSetChange changeOf(RuleSet other) {
    return since.before() == other ? since.change() : RuleSetChange.between(other, rules);
  }
}
