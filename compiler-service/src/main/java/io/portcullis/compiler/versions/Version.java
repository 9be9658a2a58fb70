package io.portcullis.compiler.versions;

import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.SetId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One version of a node or wide set.
 *
 * @param rules the rule set with its wide sets
 * @param wide the markers of the wide sets
 */
public record Version(Marker marker, RuleSet rules, SortedMap<SetId, Marker> wide) {
  public Version {
    wide = Collections.unmodifiableSortedMap(new TreeMap<>(wide));
  }

  Version(Marker marker, RuleSet rules) {
    this(marker, rules, Collections.emptySortedMap());
  }
}
