package io.portcullis.agent.version;

import io.portcullis.json.Json;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.NodeRecords;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The rule set that the topic's records make, as far as they were read. */
final class RecordTable {
  private final TreeMap<String, String> broken = new TreeMap<>();
  private RuleSet rules = RuleSet.EMPTY;
  private Optional<Entry> marker = Optional.empty();

  /** Applies records in their order, and returns what they change. */
  Version.Since put(Collection<Entry> entries) {
    var draft = new RuleSetChange.Draft(rules);
    entries.forEach(entry -> put(entry, draft));
    var since = new Version.Since(rules, draft.done());
    rules = since.change().applyTo(rules);
    return since;
  }

  private void put(Entry entry, RuleSetChange.Draft draft) {
    if (entry.key().equals(Marker.KEY)) {
      marker = Optional.of(entry);
      return;
    }
    broken.remove(entry.key());
    if (entry.value().isEmpty()) {
      draft.remove(entry.key());
      return;
    }
    try {
      draft.put(NodeRecords.parse(entry.key(), entry.value().get()));
    } catch (IllegalArgumentException e) {
      draft.remove(entry.key());
      broken.put(entry.key(), e.getMessage());
    }
  }

  /**
   * Returns the newest marker, if there is one.
   *
   * @throws IllegalArgumentException when it cannot be read
   */
  Optional<Marker> marker() {
    return marker.flatMap(RecordTable::marker);
  }

  static Optional<Marker> marker(Entry entry) {
    return entry.value().map(RecordTable::marker);
  }

  private static Marker marker(byte[] value) {
    var read = Json.read(value, Marker.class);
    if (read == null || read.topicId() == null || read.digest() == null || read.number() <= 0) {
      throw new IllegalArgumentException("not a Marker: number, digest or topicId is missing");
    }
    return read;
  }

  /** Returns what is wrong with the first record that cannot be read. */
  Optional<String> broken() {
    return Optional.ofNullable(broken.firstEntry()).map(Map.Entry::getValue);
  }

  RuleSet rules() {
    return rules;
  }
}
