package io.portcullis.agent.enforce;

import io.portcullis.agent.version.Version;
import io.portcullis.nft.Stamp;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;
import java.util.List;

/** Versions of a node as an agent gets them, whose rules are a test's own. */
final class PendingVersions {
  /** The id of the topic that all of them come from. */
  private static final String TOPIC = "AbcdefghijklmnopqrstuQ";

  private PendingVersions() {}

  /** Returns the version of that number, which holds those rules. */
  static PendingVersion of(long number, RuleSet rules) {
    var marker =
        new Marker(
            number,
            new Marker.Content(rules, TOPIC),
            new Marker.Compilation(
                new Marker.ClusterPosition("", 0), new Marker.Shard(0, 1), 0, List.of(), "test"));
    var since = new Version.Since(RuleSet.EMPTY, RuleSetChange.between(RuleSet.EMPTY, rules));
    return new PendingVersion(new Version(rules, marker, since), 5, 6);
  }

  /** Returns the stamp of that version in a table. */
  static Stamp stamp(long number, RuleSet rules) {
    return new Stamp(number, TOPIC, rules.digest().hex(), 1);
  }
}
