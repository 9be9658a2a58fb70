package io.portcullis.history;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.portcullis.json.Json;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecords;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One record of {@code portcullis.history} under a node's name: a version's marker with its
 * changes, or with all it holds.
 *
 * @param part and {@code parts}: which of how many records of the commit, from 1
 * @param previous an offset: the first commit of the node that is not before it is the one before
 *     this; {@link #NONE} for the first
 * @param snapshot likewise of the node's last snapshot before, {@link #NONE} where there is none
 */
public record Commit(
    String node,
    Kind kind,
    int part,
    int parts,
    long previous,
    long snapshot,
    Marker marker,
    List<Entry> entries) {
  /** No offset. */
  public static final long NONE = -1;

  /** How much of records one part holds, in characters, at most; one record is always taken. */
  private static final int PART = 4 * 1024 * 1024;

  /** The kinds of entries. */
  public enum Kind {
    @JsonProperty("changes")
    CHANGES,
    @JsonProperty("snapshot")
    SNAPSHOT
  }

  /**
   * One record of the node's topic.
   *
   * @param value its JSON; {@code null} as text: the record was removed
   */
  public record Entry(
      String key, @JsonRawValue @JsonDeserialize(using = RawJson.class) String value) {
    private static final String REMOVED = "null";

    static Entry put(NodeRecord item) {
      return new Entry(item.key(), new String(NodeRecords.bytes(item), StandardCharsets.UTF_8));
    }

    static Entry removal(String key) {
      return new Entry(key, REMOVED);
    }

    boolean removed() {
      return value.equals(REMOVED);
    }
  }

  /** Reads the value as the text that it is. */
  static final class RawJson extends com.fasterxml.jackson.databind.JsonDeserializer<String> {
    @Override
    public String deserialize(
        com.fasterxml.jackson.core.JsonParser parser,
        com.fasterxml.jackson.databind.DeserializationContext context)
        throws java.io.IOException {
      return parser.<JsonNode>readValueAsTree().toString();
    }

    @Override
    public String getNullValue(com.fasterxml.jackson.databind.DeserializationContext context) {
      return Entry.REMOVED;
    }
  }

  public Commit {
    entries = List.copyOf(entries);
  }

  /** Makes the parts of a commit that holds what a version changed. */
  public static List<Commit> changes(
      String node, Marker marker, RuleSetChange change, long previous, long snapshot) {
    var entries = new ArrayList<Entry>();
    change.puts().values().forEach(item -> entries.add(Entry.put(item)));
    change.removals().keySet().forEach(key -> entries.add(Entry.removal(key)));
    return inParts(new Commit(node, Kind.CHANGES, 1, 1, previous, snapshot, marker, entries));
  }

  /** Makes the parts of a commit that holds all of a version. */
  public static List<Commit> snapshot(
      String node, Marker marker, RuleSet rules, long previous, long snapshot) {
    var entries = rules.records().values().stream().map(Entry::put).toList();
    return inParts(new Commit(node, Kind.SNAPSHOT, 1, 1, previous, snapshot, marker, entries));
  }

  private static List<Commit> inParts(Commit whole) {
    var pieces = new ArrayList<List<Entry>>();
    var size = PART;
    for (var entry : whole.entries) {
      if (size >= PART) {
        pieces.add(new ArrayList<>());
        size = 0;
      }
      pieces.getLast().add(entry);
      size += entry.key().length() + entry.value().length();
    }
    if (pieces.isEmpty()) {
      return List.of(whole);
    }
    var parts = new ArrayList<Commit>();
    for (var i = 0; i < pieces.size(); i++) {
      parts.add(
          new Commit(
              whole.node,
              whole.kind,
              i + 1,
              pieces.size(),
              whole.previous,
              whole.snapshot,
              whole.marker,
              pieces.get(i)));
    }
    return List.copyOf(parts);
  }

  public byte[] bytes() {
    return Json.bytes(this);
  }

  /**
   * Applies this part to the records of the version before.
   *
   * @param entries JSON values by the keys of records
   */
  public void applyTo(Map<String, String> entries) {
    if (kind == Kind.SNAPSHOT && part == 1) {
      entries.clear();
    }
    for (var entry : this.entries) {
      if (entry.removed()) {
        entries.remove(entry.key());
      } else {
        entries.put(entry.key(), entry.value());
      }
    }
  }

  /**
   * Makes the rule set of records to which all parts since a snapshot were applied.
   *
   * @throws IllegalArgumentException when an entry is not a record
   */
  public static RuleSet rules(Map<String, String> entries) {
    var records = new ArrayList<NodeRecord>(entries.size());
    entries.forEach(
        (key, value) ->
            records.add(NodeRecords.parse(key, value.getBytes(StandardCharsets.UTF_8))));
    return RuleSet.of(records);
  }
}
