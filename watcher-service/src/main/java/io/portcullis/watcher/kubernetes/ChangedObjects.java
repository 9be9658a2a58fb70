package io.portcullis.watcher.kubernetes;

import io.portcullis.cluster.KnownKind;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Sighting;
import io.portcullis.validation.ApiObject;
import io.portcullis.validation.Kind;
import io.portcullis.watcher.source.Remarks;
import io.portcullis.watcher.source.SourceEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Collects the objects that have changed, until they become an event of the source. */
final class ChangedObjects {

  /** The newest form of each object; empty for one that is gone. */
  private final Map<ObjectKey, Optional<ApiObject>> changed = new LinkedHashMap<>();

  void seen(ApiObject object) {
    changed.put(object.key(), Optional.of(object));
  }

  void gone(ObjectKey key) {
    changed.put(key, Optional.empty());
  }

  boolean isEmpty() {
    return changed.isEmpty();
  }

  /**
   * Makes the event that these objects have changed, and forgets them.
   *
   * @param kinds what is known of each kind now
   */
  SourceEvent takeChanged(Map<Kind, KnownKind> kinds) {
    var event = new SourceEvent.Changed(sightings(), gone(), warnings(), Remarks.ofKinds(kinds));
    changed.clear();
    return event;
  }

  private List<Sighting> sightings() {
    return changed.values().stream().flatMap(Optional::stream).map(ApiObject::sighting).toList();
  }

  private Set<ObjectKey> gone() {
    return changed.entrySet().stream()
        .filter(change -> change.getValue().isEmpty())
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private Map<ObjectKey, List<Problem>> warnings() {
    return changed.values().stream()
        .flatMap(Optional::stream)
        .filter(object -> !object.warnings().isEmpty())
        .collect(Collectors.toMap(ApiObject::key, ApiObject::warnings));
  }
}
