package io.portcullis.agent.version;

import io.portcullis.agent.version.Outcome.Incomplete;
import io.portcullis.agent.version.Outcome.Refused;
import io.portcullis.agent.version.Outcome.Restore;
import io.portcullis.agent.version.Outcome.Verified;
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
 * The wide sets that a node needs, as they are read of {@code portcullis.sets}. Each has versions
 * of its own, judged as those of a node are; a set that is removed stays known while it is needed.
 */
public final class WideSets {
  private final Map<SetId, VersionReader> readers = new TreeMap<>();
  private final Map<SetId, Version> verified = new HashMap<>();

  /**
   * What came of records.
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

  /** From now on these are needed, and no others are kept. */
  public void need(Collection<SetId> sets) {
    readers.keySet().retainAll(sets);
    verified.keySet().retainAll(sets);
    sets.forEach(set -> readers.computeIfAbsent(set, _ -> new VersionReader(Optional.empty())));
  }

  /** The newest version of a set that proved right, if there is one. */
  Optional<Version> version(SetId set) {
    return Optional.ofNullable(verified.get(set));
  }

  /**
   * All that a partition holds.
   *
   * @param of the sets that it is to hold
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
    var outcomes = new TreeMap<SetId, Outcome>();
    for (var set : of) {
      if (readers.containsKey(set)) {
        outcomes.put(set, readers.get(set).restored(topicId, bySet.getOrDefault(set, Map.of())));
      }
    }
    return came(outcomes);
  }

  /** What was committed since. */
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
    var outcomes = new TreeMap<SetId, Outcome>();
    bySet.forEach((set, its) -> outcomes.put(set, readers.get(set).changed(its)));
    return came(outcomes);
  }

  private Came came(Map<SetId, Outcome> outcomes) {
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

  /** Of those that are needed; keys of others, and of what is none of ours, say nothing here. */
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

  /** As a reader of one set alone knows it. */
  private static String keyOfItsOwn(String key) {
    return key.startsWith(Marker.KEY + "/") ? Marker.KEY : key;
  }
}
