package io.portcullis.ruleset;

import io.portcullis.ruleset.NodeRecord.Member;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What makes one rule set of another.
 *
 * @param puts records that are new or differ, by key
 * @param removals records that go, by key
 */
public record RuleSetChange(
    SortedMap<String, NodeRecord> puts, SortedMap<String, NodeRecord> removals) {
  public RuleSetChange {
    puts = Collections.unmodifiableSortedMap(puts);
    removals = Collections.unmodifiableSortedMap(removals);
  }

  /** A change as it comes, key by key; of what is said of one key the last counts. */
  public static final class Draft {
    private final RuleSet before;
    private final SortedMap<String, NodeRecord> puts = new TreeMap<>();
    private final SortedMap<String, NodeRecord> removals = new TreeMap<>();

    public Draft(RuleSet before) {
      this.before = before;
    }

    public void put(NodeRecord item) {
      removals.remove(item.key());
      puts.put(item.key(), item);
    }

    /** Whatever is there under that key goes. */
    public void remove(String key) {
      puts.remove(key);
      before.record(key).ifPresent(item -> removals.put(key, item));
    }

    public RuleSetChange done() {
      return new RuleSetChange(new TreeMap<>(puts), new TreeMap<>(removals));
    }
  }

  /** Costs what differs and what holds it: sets that both have in common are passed over. */
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
    compare(before.chainsById(), after.chainsById(), puts, removals);
    compare(before.endpointsByIp(), after.endpointsByIp(), puts, removals);
    compare(before.podCidrsByRange(), after.podCidrsByRange(), puts, removals);
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
    for (var element : difference.come()) {
      var member = new Member(after.id(), element);
      puts.put(member.key(), member);
    }
    for (var element : difference.gone()) {
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

  public boolean isEmpty() {
    return puts.isEmpty() && removals.isEmpty();
  }

  /** Whether addresses come to be the node's pods', or cease to be (C1). */
  public boolean changesPodCidrs() {
    return Stream.of(puts, removals)
        .flatMap(items -> items.values().stream())
        .anyMatch(NodeRecord.PodCidr.class::isInstance);
  }
}
