package io.portcullis.agent.version;

import io.portcullis.json.Json;
import io.portcullis.ruleset.Digest;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecords;
import io.portcullis.ruleset.RuleSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The topic's records as read so far, the digest kept along. */
final class Mirror {
  private final Map<String, NodeRecord> records = new HashMap<>();
  private final TreeMap<String, String> broken = new TreeMap<>();
  private Digest digest = Digest.EMPTY;
  private Optional<Entry> marker = Optional.empty();

  void put(Entry entry) {
    if (entry.key().equals(Marker.KEY)) {
      marker = Optional.of(entry);
      return;
    }
    broken.remove(entry.key());
    var replaced = records.remove(entry.key());
    if (replaced != null) {
      digest = digest.minus(replaced.key(), replaced.canonical());
    }
    if (entry.value().isEmpty()) {
      return;
    }
    try {
      var item = NodeRecords.parse(entry.key(), entry.value().get());
      records.put(item.key(), item);
      digest = digest.plus(item.key(), item.canonical());
    } catch (IllegalArgumentException e) {
      broken.put(entry.key(), e.getMessage());
    }
  }

  /**
   * The newest marker, if there is one.
   *
   * @throws IllegalArgumentException when it cannot be read
   */
  Optional<Marker> marker() {
    return marker.flatMap(Mirror::marker);
  }

  static Optional<Marker> marker(Entry entry) {
    return entry.value().map(Mirror::marker);
  }

  private static Marker marker(byte[] value) {
    var read = Json.read(value, Marker.class);
    if (read == null || read.topicId() == null || read.digest() == null || read.number() <= 0) {
      throw new IllegalArgumentException("not a Marker: number, digest or topicId is missing");
    }
    return read;
  }

  /** What is wrong with the first record that cannot be read. */
  Optional<String> broken() {
    return Optional.ofNullable(broken.firstEntry()).map(Map.Entry::getValue);
  }

  Digest digest() {
    return digest;
  }

  RuleSet rules() {
    return RuleSet.of(records.values());
  }
}
