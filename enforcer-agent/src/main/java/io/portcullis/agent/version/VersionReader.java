package io.portcullis.agent.version;

import io.portcullis.agent.version.Outcome.Incomplete;
import io.portcullis.agent.version.Outcome.Reason;
import io.portcullis.agent.version.Outcome.Refused;
import io.portcullis.agent.version.Outcome.Restore;
import io.portcullis.agent.version.Outcome.Verified;
import io.portcullis.ruleset.DanglingReferences;
import io.portcullis.ruleset.Marker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Turns what is read of the node's topic into versions. Records count from the marker on that
 * closes them. A version that does not prove right is asked for once more from the topic's
 * beginning, as a reader that lags behind compaction misses records that were superseded, and is
 * refused only if it is wrong there too.
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
  private RecordTable mirror = new RecordTable();
  private String topicId = "";
  private boolean refused;
  private Optional<Floor> floor;

  /**
   * The newest version that was verified.
   *
   * @param topicId the incarnation of the topic that its number counts in
   */
  public record Floor(String topicId, long number, String digest) {}

  /**
   * @param floor what the kernel is known to hold already
   */
  public VersionReader(Optional<Floor> floor) {
    this.floor = floor;
  }

  /** All that the topic holds; whatever was read before is forgotten. */
  public Outcome restored(String topicId, Map<String, byte[]> values) {
    this.topicId = topicId;
    open.clear();
    mirror = new RecordTable();
    var since =
        mirror.put(
            values.entrySet().stream()
                .map(value -> new Entry(value.getKey(), Optional.of(value.getValue())))
                .toList());
    var outcome = judge(since);
    refused = outcome instanceof Refused;
    return outcome;
  }

  /** What was committed since. Of several versions that came together the last one is told. */
  public Outcome changed(List<Entry> entries) {
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

  private Outcome closed(List<Entry> entries) {
    var refusedBefore = refused;
    var outcome = judge(mirror.put(entries));
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

  private Outcome judge(Version.Since since) {
    Optional<Marker> found;
    try {
      found = mirror.marker();
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
    if (mirror.broken().isPresent()) {
      return new Refused(number, Reason.BROKEN, mirror.broken().get());
    }
    var digest = mirror.rules().digest().hex();
    if (!digest.equals(marker.digest())) {
      return new Refused(
          number,
          Reason.DIGEST,
          "its digest is " + digest + ", its marker says " + marker.digest());
    }
    var rules = mirror.rules();
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
