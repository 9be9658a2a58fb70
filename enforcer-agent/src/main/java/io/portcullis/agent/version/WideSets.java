package io.portcullis.agent.version;

import io.portcullis.agent.version.VersionOutcome.Incomplete;
import io.portcullis.agent.version.VersionOutcome.Refused;
import io.portcullis.agent.version.VersionOutcome.Restore;
import io.portcullis.agent.version.VersionOutcome.Verified;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.SetId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The wide sets that a node needs, as read from {@code portcullis.sets}. Each has versions of its
 * own, which are verified as those of a node are. A set that is removed stays known while it is
 * needed.
 */
public final class WideSets {
  private final Map<SetId, VersionReader> readers = new TreeMap<>();
  private final Map<SetId, Version> verified = new HashMap<>();

  /**
   * What became of records that were read.
   *
   * @param changed whether a set has another version now
   * @param restore why all of the partition must be read again, if it must
   * @param refused what is wrong with a set's newest version, if it is; its last one stays
   */
  public record Came(boolean changed, Optional<String> restore, List<String> refused) {
    public Came {
      refused = List.copyOf(refused);
    }
  }

  /** Sets which wide sets are needed; no others are kept. */
  public void need(Collection<SetId> sets) {
    readers.keySet().retainAll(sets);
    verified.keySet().retainAll(sets);
    sets.forEach(set -> readers.computeIfAbsent(set, _ -> new VersionReader(Optional.empty())));
  }

  /** Returns the newest verified version of a set, if there is one. */
  Optional<Version> version(SetId set) {
    return Optional.ofNullable(verified.get(set));
  }

  /**
   * Takes all records of a partition.
   *
   * @param of the sets that the partition is to hold
   */
  public Came restored(String topicId, Map<String, byte[]> values, Collection<SetId> of) {
    var bySet = new HashMap<SetId, Map<String, byte[]>>();
    values.forEach(
        (key, value) ->
            set(key)
                .ifPresent(
                    set ->
                        bySet
                            .computeIfAbsent(set, _ -> new TreeMap<>())
                            .put(keyOfItsOwn(key), value)));
    var outcomes = new TreeMap<SetId, VersionOutcome>();
    for (var set : of) {
      if (readers.containsKey(set)) {
        outcomes.put(set, readers.get(set).restored(topicId, bySet.getOrDefault(set, Map.of())));
      }
    }
    return came(outcomes);
  }

  /** Takes the records of a partition since the last call. */
  public Came changed(List<Entry> entries) {
    var bySet = new TreeMap<SetId, List<Entry>>();
    for (var entry : entries) {
      set(entry.key())
          .ifPresent(
              set ->
                  bySet
                      .computeIfAbsent(set, _ -> new ArrayList<>())
                      .add(new Entry(keyOfItsOwn(entry.key()), entry.value())));
    }
    var outcomes = new TreeMap<SetId, VersionOutcome>();
    bySet.forEach((set, its) -> outcomes.put(set, readers.get(set).changed(its)));
    return came(outcomes);
  }

  private Came came(Map<SetId, VersionOutcome> outcomes) {
    var changed = false;
    var restore = Optional.<String>empty();
    var refused = new ArrayList<String>();
    for (var item : outcomes.entrySet()) {
      switch (item.getValue()) {
        case Incomplete _ -> {}
        case Restore(var reason) -> restore = Optional.of("set/" + item.getKey() + ": " + reason);
        case Refused wrong -> refused.add("set/" + item.getKey() + ": " + wrong);
        case Verified(var version) -> {
          verified.put(item.getKey(), version);
          changed = true;
        }
      }
    }
    return new Came(changed, restore, refused);
  }

  /** Returns the needed set that a key belongs to, if it belongs to one. */
  private Optional<SetId> set(String key) {
    var parts = key.split("/", 3);
    if (parts.length < 2 || !parts[0].equals("set") && !parts[0].equals(Marker.KEY)) {
      return Optional.empty();
    }
    try {
      return Optional.of(SetId.parse(parts[1])).filter(readers::containsKey);
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** Returns the key as a reader of one set alone knows it. */
  private static String keyOfItsOwn(String key) {
    return key.startsWith(Marker.KEY + "/") ? Marker.KEY : key;
  }
}
