package io.portcullis.watcher.source;

import io.portcullis.cluster.ObjectKey;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Sighting;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A source tells what it shows, and whether it can be read. */
public sealed interface SourceEvent {

  /**
   * Objects have been added, changed or removed. The first such event of a source shows all that it
   * holds, and ends that it is lost.
   *
   * @param sightings of objects that are new or differ; each has a key
   * @param gone objects that the source shows no longer
   * @param warnings about these objects, besides the sightings' own problems
   * @param remarks that hold now, instead of those of the event before
   */
  record Changed(
      List<Sighting> sightings,
      Set<ObjectKey> gone,
      Map<ObjectKey, List<Problem>> warnings,
      Remarks remarks)
      implements SourceEvent {
    public Changed {
      sightings = List.copyOf(sightings);
      gone = Set.copyOf(gone);
      warnings = Map.copyOf(warnings);
    }

    /** Makes an event of a source that never has remarks. */
    public Changed(
        List<Sighting> sightings, Set<ObjectKey> gone, Map<ObjectKey, List<Problem>> warnings) {
      this(sightings, gone, warnings, Remarks.NONE);
    }
  }

  /**
   * The source cannot be read. This event is no reason to delete anything.
   *
   * @param forNanos how long ago the source could be read last
   */
  record Lost(String reason, long forNanos) implements SourceEvent {}

  /** The source can be read again. What it showed before still holds. */
  record Found() implements SourceEvent {}
}
