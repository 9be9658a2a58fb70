package io.portcullis.agent.version;

import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;
import io.portcullis.ruleset.SetId;
import java.util.List;

/**
 * A rule set and the marker that closed it.
 *
 * @param rules with the wide sets
 * @param marker its digest leaves wide sets out
 * @param since what was read before, and what made this of it
 * @param wide which version of each wide set it has
 */
public record Version(RuleSet rules, Marker marker, Since since, List<Held> wide) {
  public Version {
    wide = List.copyOf(wide);
  }

  public Version(RuleSet rules, Marker marker, Since since) {
    this(rules, marker, since, List.of());
  }

  /**
   * A change of one very rule set.
   *
   * @param before need not have been a version
   */
  public record Since(RuleSet before, RuleSetChange change) {
    /** Of a rule set that nobody else has: what is asked about is compared. */
    static final Since UNKNOWN =
        new Since(RuleSet.of(List.of()), RuleSetChange.between(RuleSet.EMPTY, RuleSet.EMPTY));
  }

  /** A version of a wide set. */
  public record Held(SetId set, long number, String digest) {}

  /** Whether it is that version of the node with the same versions of wide sets. */
  boolean isSameAs(Version other) {
    return marker.equals(other.marker) && wide.equals(other.wide);
  }

  /** Of all its rules, those in wide sets too: what the kernel is to have. */
  public String digest() {
    return wide.isEmpty() ? marker.digest() : rules.digest().hex();
  }

  /** What makes this of that rule set; cheap where it is the one that was read before this. */
  public RuleSetChange changeOf(RuleSet other) {
    return since.before() == other ? since.change() : RuleSetChange.between(other, rules);
  }
}
