package io.portcullis.agent.version;

import io.portcullis.agent.version.VersionOutcome.Incomplete;
import io.portcullis.agent.version.VersionOutcome.Reason;
import io.portcullis.agent.version.VersionOutcome.Refused;
import io.portcullis.agent.version.VersionOutcome.Restore;
import io.portcullis.agent.version.VersionOutcome.Verified;
import io.portcullis.ruleset.DanglingReferences;
import io.portcullis.ruleset.Marker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Turns the records of a topic into verified versions. Records count from the marker on that closes
 * them. A version that is wrong is read once more from the beginning of the topic, because a reader
 * that lags behind compaction misses superseded records; it is refused only if it is wrong there
 * too.
 *
 * <pre>
 *                +--Changes: wrong--> Restore --+
 *                |                              v
 *   Restored --> verified <--Changes: right-- refused <--Restored: wrong
 *                 ^    |                       ^   |
 *                 +----+ Changes: right        +---+ Changes: wrong
 * </pre>
 *
 * <p>One thread uses it.
 */
public final class VersionReader {
  private final List<Entry> open = new ArrayList<>();
  private RecordTable table = new RecordTable();
  private String topicId = "";
  private boolean refused;
  private final long lowest;
  private Optional<Floor> floor;

  /**
   * The newest verified version. Older ones are refused.
   *
   * @param topicId of the topic in which its number counts
   */
  public record Floor(String topicId, long number, String digest) {}

  /**
   * Makes one that has read nothing yet.
   *
   * @param floor the version that the kernel is known to hold already
   */
  public VersionReader(Optional<Floor> floor) {
    this(floor, 0);
  }

  /**
   * Makes one that has read nothing yet.
   *
   * @param floor the version that the kernel is known to hold already
   * @param lowest the number of the version that the node held last; those below are refused,
   *     whatever topic they come from
   */
  public VersionReader(Optional<Floor> floor, long lowest) {
    this.floor = floor;
    this.lowest = lowest;
  }

  /** Takes all records of the topic, and forgets what was read before. */
  public VersionOutcome restored(String topicId, Map<String, byte[]> values) {
    this.topicId = topicId;
    open.clear();
    table = new RecordTable();
    var since =
        table.put(
            values.entrySet().stream()
                .map(value -> new Entry(value.getKey(), Optional.of(value.getValue())))
                .toList());
    var outcome = judge(since);
    refused = outcome instanceof Refused;
    return outcome;
  }

  /** Takes the records since the last call. Of several versions only the last one is returned. */
  public VersionOutcome changed(List<Entry> entries) {
    var closed = 0;
    for (var i = 0; i < entries.size(); i++) {
      var entry = entries.get(i);
      if (entry.key().equals(Marker.KEY)) {
        if (isOfAnotherTopic(entry)) {
          return new Restore("a marker of another topic than " + topicId);
        }
        closed = i + 1;
      }
    }
    if (closed == 0) {
      open.addAll(entries);
      return new Incomplete();
    }
    var complete = new ArrayList<>(open);
    complete.addAll(entries.subList(0, closed));
    open.clear();
    open.addAll(entries.subList(closed, entries.size()));
    return closed(complete);
  }

  private VersionOutcome closed(List<Entry> entries) {
    var refusedBefore = refused;
    var outcome = judge(table.put(entries));
    refused = outcome instanceof Refused;
    return switch (outcome) {
      case Refused(_, var reason, _) when !refusedBefore && mayLag(reason) ->
          new Restore(outcome.toString());
      case Refused _, Verified _, Incomplete _, Restore _ -> outcome;
    };
  }

  private static boolean mayLag(Reason reason) {
    return switch (reason) {
      case DIGEST, BROKEN, DANGLING -> true;
      case OLDER, FOREIGN -> false;
    };
  }

  private boolean isOfAnotherTopic(Entry marker) {
    try {
      return RecordTable.marker(marker).filter(read -> !topicId.equals(read.topicId())).isPresent();
    } catch (IllegalArgumentException _) {
      return false; // it is refused, with its reason, when the version is judged
    }
  }

  private VersionOutcome judge(Version.Since since) {
    Optional<Marker> found;
    try {
      found = table.marker();
    } catch (IllegalArgumentException e) {
      return new Refused(0, Reason.BROKEN, e.getMessage());
    }
    if (found.isEmpty()) {
      return new Incomplete();
    }
    var marker = found.get();
    var number = marker.number();
    if (!topicId.equals(marker.topicId())) {
      return new Refused(
          number, Reason.FOREIGN, "its marker was written to topic " + marker.topicId());
    }
    if (table.broken().isPresent()) {
      return new Refused(number, Reason.BROKEN, table.broken().get());
    }
    var digest = table.rules().digest().hex();
    if (!digest.equals(marker.digest())) {
      return new Refused(
          number,
          Reason.DIGEST,
          "its digest is " + digest + ", its marker says " + marker.digest());
    }
    var rules = table.rules();
    var wide = marker.wide().stream().map(Marker.Wide::set).collect(Collectors.toSet());
    var twice = wide.stream().filter(set -> rules.set(set).isPresent()).findFirst();
    if (twice.isPresent()) {
      return new Refused(
          number, Reason.BROKEN, "set/" + twice.get() + " is in it and is named as a wide set");
    }
    var dangling = DanglingReferences.of(rules, wide);
    if (!dangling.isEmpty()) {
      return new Refused(number, Reason.DANGLING, dangling.getFirst());
    }
    if (number < lowest) {
      return new Refused(
          number,
          Reason.OLDER,
          "version "
              + lowest
              + " was in force on this node before; remove the agent's state to take older ones");
    }
    var older = floor.filter(f -> isBelow(f, marker));
    if (older.isPresent()) {
      return new Refused(
          number,
          Reason.OLDER,
          "version " + older.get().number() + " (" + older.get().digest() + ") was there before");
    }
    floor = Optional.of(new Floor(topicId, number, digest));
    return new Verified(new Version(rules, marker, since));
  }

  private static boolean isBelow(Floor floor, Marker marker) {
    return floor.topicId().equals(marker.topicId())
        && (marker.number() < floor.number()
            || marker.number() == floor.number()
                && marker.wide().isEmpty() // or the kernel holds more than the marker's digest
                && !marker.digest().equals(floor.digest()));
  }
}
