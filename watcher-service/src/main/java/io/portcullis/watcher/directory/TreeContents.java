package io.portcullis.watcher.directory;

import io.portcullis.cluster.ObjectKey;
import io.portcullis.sighting.Sighting;
import io.portcullis.watcher.source.Remarks;
import io.portcullis.watcher.source.SourceEvent;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a tree of manifests holds at one time: one sighting of each object, and remarks. */
record TreeContents(SortedMap<ObjectKey, Sighting> objects, Remarks remarks) {
  private static final TreeContents NOTHING = new TreeContents(new TreeMap<>(), Remarks.NONE);

  TreeContents {
    objects = Collections.unmodifiableSortedMap(objects);
  }

  /** Returns the event that shows all of it. */
  SourceEvent.Changed whole() {
    return difference(NOTHING);
  }

  /** Returns what has changed since earlier contents; the time of a sighting is no change. */
  Optional<SourceEvent.Changed> changedSince(TreeContents before) {
    var event = difference(before);
    var isSame =
        event.sightings().isEmpty() && event.gone().isEmpty() && remarks.equals(before.remarks);
    return isSame ? Optional.empty() : Optional.of(event);
  }

  private SourceEvent.Changed difference(TreeContents before) {
    var gone = new HashSet<>(before.objects.keySet());
    gone.removeAll(objects.keySet());
    var changed = objects.values().stream().filter(sighting -> !before.hasEqual(sighting)).toList();
    return new SourceEvent.Changed(changed, gone, Map.of(), remarks);
  }

  private boolean hasEqual(Sighting sighting) {
    return sighting
        .key()
        .map(objects::get)
        .filter(own -> own.equals(sighting) || own.seenAt(0).equals(sighting.seenAt(0)))
        .isPresent();
  }
}
