package io.portcullis.ruleset;

import io.portcullis.ruleset.NodeRecord.Member;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The difference between two rule sets.
 *
 * @param puts records that are new or differ, by key
 * @param removals records that are removed, by key
 */
public record RuleSetChange(
    SortedMap<String, NodeRecord> puts, SortedMap<String, NodeRecord> removals) {
  public RuleSetChange {
    puts = Collections.unmodifiableSortedMap(puts);
    removals = Collections.unmodifiableSortedMap(removals);
  }

  /** A change that arrives key by key; the last one for a key counts. */
  public static final class Draft {
    private final RuleSet before;
    private final SortedMap<String, NodeRecord> puts = new TreeMap<>();
    private final SortedMap<String, NodeRecord> removals = new TreeMap<>();

    public Draft(RuleSet before) {
      this.before = before;
    }

    /** Puts a record in place of the one with its key. */
    public void put(NodeRecord item) {
      removals.remove(item.key());
      puts.put(item.key(), item);
    }

    /** Removes the record with that key, if there is one. */
    public void remove(String key) {
      puts.remove(key);
      before.record(key).ifPresent(item -> removals.put(key, item));
    }

    /** Returns the change so far. */
    public RuleSetChange done() {
      return new RuleSetChange(new TreeMap<>(puts), new TreeMap<>(removals));
    }
  }

  /**
   * Returns the change from one rule set to another. Sets that both share are passed over, so the
   * cost is that of the sets that differ and of all other records.
   */
  public static RuleSetChange between(RuleSet before, RuleSet after) {
    var puts = new TreeMap<String, NodeRecord>();
    var removals = new TreeMap<String, NodeRecord>();
    for (var set : after.sets()) {
      var old = before.set(set.id()).orElse(SetContent.nothing(set.id()));
      if (set != old) {
        compare(old, set, puts, removals);
      }
    }
    for (var set : before.sets()) {
      if (after.set(set.id()).isEmpty()) {
        set.forEachRecord(item -> removals.put(item.key(), item));
      }
    }
    compare(before.maps().chains(), after.maps().chains(), puts, removals);
    compare(before.maps().endpoints(), after.maps().endpoints(), puts, removals);
    compare(before.maps().podCidrs(), after.maps().podCidrs(), puts, removals);
    return new RuleSetChange(puts, removals);
  }

  private static void compare(
      SetContent before,
      SetContent after,
      Map<String, NodeRecord> puts,
      Map<String, NodeRecord> removals) {
    after
        .declared()
        .filter(set -> !before.declared().equals(Optional.of(set)))
        .ifPresent(set -> puts.put(set.key(), set));
    before
        .declared()
        .filter(_ -> after.declared().isEmpty())
        .ifPresent(set -> removals.put(set.key(), set));
    var difference = after.since(before);
    for (var element : difference.added()) {
      var member = new Member(after.id(), element);
      puts.put(member.key(), member);
    }
    for (var element : difference.removed()) {
      var member = new Member(after.id(), element);
      removals.put(member.key(), member);
    }
  }

  private static <K> void compare(
      Map<K, ? extends NodeRecord> before,
      Map<K, ? extends NodeRecord> after,
      Map<String, NodeRecord> puts,
      Map<String, NodeRecord> removals) {
    after.forEach(
        (key, item) -> {
          if (!item.equals(before.get(key))) {
            puts.put(item.key(), item);
          }
        });
    before.forEach(
        (key, item) -> {
          if (!after.containsKey(key)) {
            removals.put(item.key(), item);
          }
        });
  }

  /** Returns the rule set after this change. */
  public RuleSet applyTo(RuleSet before) {
    var edit = before.edit();
    removals.values().forEach(edit::remove);
    puts.values().forEach(edit::put);
    return before.with(edit);
  }

  public boolean isEmpty() {
    return puts.isEmpty() && removals.isEmpty();
  }

  /** Returns whether the node's pod CIDRs change (C1). */
  public boolean changesPodCidrs() {
    return Stream.of(puts, removals)
        .flatMap(items -> items.values().stream())
        .anyMatch(NodeRecord.PodCidr.class::isInstance);
  }
}
