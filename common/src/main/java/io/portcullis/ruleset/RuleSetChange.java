package io.portcullis.ruleset;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What makes one rule set of another.
 *
 * @param puts records that are new or differ, by key
 * @param removals keys of records that go
 */
public record RuleSetChange(SortedMap<String, NodeRecord> puts, SortedSet<String> removals) {
  public RuleSetChange {
    puts = Collections.unmodifiableSortedMap(puts);
    removals = Collections.unmodifiableSortedSet(removals);
  }

  public static RuleSetChange between(RuleSet before, RuleSet after) {
    var puts = new TreeMap<String, NodeRecord>();
    after
        .records()
        .forEach(
            (key, item) -> {
              if (!item.equals(before.records().get(key))) {
                puts.put(key, item);
              }
            });
    var removals = new TreeSet<>(before.records().keySet());
    removals.removeAll(after.records().keySet());
    return new RuleSetChange(puts, removals);
  }

  public boolean isEmpty() {
    return puts.isEmpty() && removals.isEmpty();
  }

  /**
   * The digest after this change.
   *
   * @param digest of the rule set before
   */
  public Digest digest(Digest digest, RuleSet before) {
    var result = digest;
    for (var item : puts.values()) {
      var replaced = before.records().get(item.key());
      if (replaced != null) {
        result = result.minus(replaced.key(), replaced.canonical());
      }
      result = result.plus(item.key(), item.canonical());
    }
    for (var key : removals) {
      result = result.minus(key, before.records().get(key).canonical());
    }
    return result;
  }
}
