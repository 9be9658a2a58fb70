package io.portcullis.compiler.publish;

import io.portcullis.compiler.versions.Versioned;
import io.portcullis.json.Json;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecords;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;
import io.portcullis.ruleset.SetId;
import io.portcullis.topic.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the topic holds of a node or of a wide set.
 *
 * @param marker absent: no version was ever closed in this incarnation of the topic
 * @param alien keys whose records cannot be read; they are removed with the next version
 */
record PublishedVersion(
    String topicId, RuleSet rules, Optional<Marker> marker, SortedSet<String> alien) {
  private static final Logger LOG = LoggerFactory.getLogger(PublishedVersion.class);

  /** The values of a partition of wide sets, apart. */
  static <V> Map<Versioned, SortedMap<String, V>> bySet(Map<String, V> values) {
    var bySet = new HashMap<Versioned, SortedMap<String, V>>();
    values.forEach(
        (key, value) ->
            set(key)
                .ifPresentOrElse(
                    set -> bySet.computeIfAbsent(set, _ -> new TreeMap<>()).put(key, value),
                    () -> LOG.error("{}: {}: of no set", Topics.sets().name(), key)));
    return bySet;
  }

  private static Optional<Versioned> set(String key) {
    var parts = key.split("/", 3);
    try {
      return parts.length < 2
          ? Optional.empty()
          : Optional.of(new Versioned.OfSet(SetId.parse(parts[1])));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** Nothing of it is there. */
  static PublishedVersion nothing(String topicId) {
    return new PublishedVersion(topicId, RuleSet.EMPTY, Optional.empty(), new TreeSet<>());
  }

  /** By the records that a topic has of it. */
  static PublishedVersion of(Versioned unit, String topicId, Map<String, byte[]> values) {
    var records = new ArrayList<NodeRecord>();
    var alien = new TreeSet<String>();
    var marker = Optional.<Marker>empty();
    for (var item : values.entrySet()) {
      try {
        if (item.getKey().equals(unit.markerKey())) {
          marker = Optional.of(Json.read(item.getValue(), Marker.class));
        } else {
          records.add(NodeRecords.parse(item.getKey(), item.getValue()));
        }
      } catch (IllegalArgumentException e) {
        LOG.error("{}: {}; it is written again", unit.topic().name(), e.getMessage());
        alien.add(item.getKey());
      }
    }
    return new PublishedVersion(topicId, RuleSet.of(records), marker, alien);
  }

  /** What it is after records were put and removed; absent values are removals. */
  PublishedVersion with(Versioned unit, Map<String, Optional<byte[]>> changes) {
    var draft = new RuleSetChange.Draft(rules);
    var closing = marker;
    var unreadable = new TreeSet<>(alien);
    for (var change : changes.entrySet()) {
      var key = change.getKey();
      unreadable.remove(key);
      try {
        if (key.equals(unit.markerKey())) {
          closing = Optional.empty();
          closing = change.getValue().map(value -> Json.read(value, Marker.class));
        } else if (change.getValue().isPresent()) {
          draft.put(NodeRecords.parse(key, change.getValue().get()));
        } else {
          draft.remove(key);
        }
      } catch (IllegalArgumentException e) {
        LOG.error("{}: {}; it is written again", unit.topic().name(), e.getMessage());
        draft.remove(key);
        unreadable.add(key);
      }
    }
    return new PublishedVersion(topicId, draft.done().applyTo(rules), closing, unreadable);
  }

  /** The same, by a rule set that shares all that it can with an almost equal one. */
  PublishedVersion like(RuleSet almost) {
    return as(RuleSetChange.between(almost, rules).applyTo(almost));
  }

  /** Whether the topic holds no record of it. */
  boolean isNothing() {
    return marker.isEmpty() && alien.isEmpty() && rules.size() == 0;
  }

  /** The same, by an equal rule set that shares what it has with those of other nodes. */
  PublishedVersion as(RuleSet equal) {
    return new PublishedVersion(topicId, equal, marker, alien);
  }

  /** Whether readers can use what the topic holds. */
  boolean sound() {
    return alien.isEmpty()
        && marker
            .filter(m -> m.digest().equals(rules.digest().hex()) && m.topicId().equals(topicId))
            .isPresent();
  }

  /**
   * Whether it names these wide sets, by positions of that cluster topic; which state of them it
   * needs at least is another matter, as later ones apply by themselves.
   */
  boolean needs(List<Marker.Wide> wide, String clusterTopicId) {
    var named = marker.map(Marker::wide).orElse(List.of());
    return sets(named).equals(sets(wide))
        && (wide.isEmpty()
            || marker.filter(m -> m.clusterTopicId().equals(clusterTopicId)).isPresent());
  }

  private static Set<SetId> sets(List<Marker.Wide> wide) {
    return wide.stream().map(Marker.Wide::set).collect(Collectors.toSet());
  }

  long number() {
    return marker.map(Marker::number).orElse(0L);
  }
}
