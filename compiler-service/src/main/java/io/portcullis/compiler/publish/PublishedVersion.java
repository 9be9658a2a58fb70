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
 * What a topic holds of a node or a wide set.
 *
 * @param marker absent: no version has been closed in this incarnation of the topic
 * @param unreadable the keys of records that cannot be read; the next version removes them
 */
record PublishedVersion(
    String topicId, RuleSet rules, Optional<Marker> marker, SortedSet<String> unreadable) {
  private static final Logger LOG = LoggerFactory.getLogger(PublishedVersion.class);

  /** Sorts the values of a partition of wide sets by set. */
  static <V> Map<Versioned, SortedMap<String, V>> bySet(Map<String, V> values) {
    var bySet = new HashMap<Versioned, SortedMap<String, V>>();
    values.forEach(
        (key, value) ->
            set(key)
                .ifPresentOrElse(
                    set -> bySet.computeIfAbsent(set, _ -> new TreeMap<>()).put(key, value),
                    () -> LOG.error("{}: the key {} names no set", Topics.sets().name(), key)));
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

  /** Returns a version that stands for a topic without any record. */
  static PublishedVersion nothing(String topicId) {
    return new PublishedVersion(topicId, RuleSet.EMPTY, Optional.empty(), new TreeSet<>());
  }

  /** Reads a version from the records that a topic has. */
  static PublishedVersion of(Versioned unit, String topicId, Map<String, byte[]> values) {
    var records = new ArrayList<NodeRecord>();
    var unreadable = new TreeSet<String>();
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
        unreadable.add(item.getKey());
      }
    }
    return new PublishedVersion(topicId, RuleSet.of(records), marker, unreadable);
  }

  /** Returns the version after records were put or removed. An absent value is a removal. */
  PublishedVersion with(Versioned unit, Map<String, Optional<byte[]>> changes) {
    var draft = new RuleSetChange.Draft(rules);
    var closing = marker;
    var remaining = new TreeSet<>(unreadable);
    for (var change : changes.entrySet()) {
      var key = change.getKey();
      remaining.remove(key);
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
        remaining.add(key);
      }
    }
    return new PublishedVersion(topicId, draft.done().applyTo(rules), closing, remaining);
  }

  /** Returns the same version, whose rule set shares memory with a similar one. */
  PublishedVersion like(RuleSet similar) {
    return as(RuleSetChange.between(similar, rules).applyTo(similar));
  }

  /** Tells whether the topic holds no record of the node or set. */
  boolean isNothing() {
    return marker.isEmpty() && unreadable.isEmpty() && rules.size() == 0;
  }

  /** Returns the same version with an equal rule set, which shares memory with other nodes. */
  PublishedVersion as(RuleSet equal) {
    return new PublishedVersion(topicId, equal, marker, unreadable);
  }

  /** Tells whether readers can use what the topic holds. */
  boolean isSound() {
    return unreadable.isEmpty()
        && marker
            .filter(m -> m.digest().equals(rules.digest().hex()) && m.topicId().equals(topicId))
            .isPresent();
  }

  /**
   * Tells whether the marker names exactly these wide sets, with positions of that cluster topic.
   * The states of the sets do not matter, because agents apply later states by themselves.
   */
  boolean needs(List<Marker.Wide> wide, String clusterTopicId) {
    var named = marker.map(Marker::wide).orElse(List.of());
    return sets(named).equals(sets(wide))
        && (wide.isEmpty()
            || marker.filter(m -> m.clusterTopicId().equals(clusterTopicId)).isPresent());
  }

  /** Returns the version that comes next in the topic. */
  PublishedVersion next(RuleSet next, Marker closing) {
    return new PublishedVersion(topicId, next, Optional.of(closing), new TreeSet<>());
  }

  private static Set<SetId> sets(List<Marker.Wide> wide) {
    return wide.stream().map(Marker.Wide::set).collect(Collectors.toSet());
  }

  long number() {
    return marker.map(Marker::number).orElse(0L);
  }
}
