package io.portcullis.watcher.source;

import io.portcullis.cluster.ObjectKey;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Sighting;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What a source tells of a change. */
public sealed interface SourceEvent {

  /**
   * Everything that the source holds now. The first one is the point from which the source is known
   * to be whole.
   *
   * @param warnings what is to be told besides the sightings' own problems
   */
  record Whole(List<Sighting> sightings, List<Problem> warnings) implements SourceEvent {
    public Whole {
      sightings = List.copyOf(sightings);
      warnings = List.copyOf(warnings);
    }

    /** Whether the other one shows the same, whenever it was seen. */
    public boolean sameButForTime(Whole other) {
      return warnings.equals(other.warnings)
          && withoutTime(sightings).equals(withoutTime(other.sightings));
    }

    private static List<Sighting> withoutTime(List<Sighting> sightings) {
      return sightings.stream().map(sighting -> sighting.seenAt(0)).toList();
    }

    /** All that is to be told, in order. */
    public List<Problem> problems() {
      return Stream.concat(
              sightings.stream().flatMap(sighting -> sighting.problems().stream()),
              warnings.stream())
          .sorted()
          .toList();
    }
  }

  /**
   * A part of what the source holds.
   *
   * @param warnings what is to be told of objects besides the sightings' own problems
   */
  record Changed(
      List<Sighting> sightings, Set<ObjectKey> gone, Map<ObjectKey, List<Problem>> warnings)
      implements SourceEvent {
    public Changed {
      sightings = List.copyOf(sightings);
      gone = Set.copyOf(gone);
      warnings = Map.copyOf(warnings);
    }
  }

  /**
   * The source cannot be read: lost is not empty, nothing is deleted.
   *
   * @param forNanos how long ago it could be read last
   */
  record Lost(String reason, long forNanos) implements SourceEvent {}

  /** It can be read again, and what is known of it goes on. */
  record Found() implements SourceEvent {}
}
