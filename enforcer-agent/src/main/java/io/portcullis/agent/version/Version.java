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
   * The rule set that was read before, and the change that was read since.
   *
   * @param before need not be a version
   */
  public record Since(RuleSet before, RuleSetChange change) {
    /** Stands for a rule set that nobody asks about, so that rule sets are compared instead. */
    static final Since UNKNOWN =
        new Since(RuleSet.of(List.of()), RuleSetChange.between(RuleSet.EMPTY, RuleSet.EMPTY));
  }

  /** A version of a wide set. */
  public record Held(SetId set, long number, String digest) {}

  /** Returns whether both are one version of the node, with the same versions of wide sets. */
  boolean isSameAs(Version other) {
    return marker.equals(other.marker) && wide.equals(other.wide);
  }

  /** Returns the digest of all rules, wide sets included, as the kernel is to hold them. */
  public String digest() {
    return wide.isEmpty() ? marker.digest() : rules.digest().hex();
  }

  /** Returns the change from a rule set to this one; cheap if that one was read before this. */
  public RuleSetChange changeOf(RuleSet other) {
    return since.before() == other ? since.change() : RuleSetChange.between(other, rules);
  }
}
