package io.portcullis.sighting;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.Namespace;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.sighting.Sighting.Invalid;
import io.portcullis.sighting.Sighting.UnknownIsolation;
import io.portcullis.sighting.Sighting.Unreadable;
import io.portcullis.sighting.Sighting.Valid;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Decides what should be published, from what is published and what the source shows. */
public final class DesiredObjects {
  private DesiredObjects() {}

  /**
   * Returns all objects that should be published. The order of sightings does not matter, and the
   * result stays the same once it is published.
   *
   * @param published objects, perhaps by an earlier process
   * @param whole everything that the source shows
   */
  public static SortedMap<ObjectKey, ClusterObject> of(
      Map<ObjectKey, ClusterObject> published, List<Sighting> whole) {
    var resolved = Duplicates.resolve(whole);
    var unreadable = Sighting.unreadable(whole);
    var keys = new HashSet<>(resolved.keySet());
    keys.addAll(published.keySet());
    var desired = new TreeMap<ObjectKey, ClusterObject>();
    for (var key : keys) {
      one(
              Optional.ofNullable(published.get(key)),
              Optional.ofNullable(resolved.get(key)),
              unreadable)
          .ifPresent(object -> desired.put(key, object));
    }
    return desired;
  }

  /**
   * Returns the form of one object that should be published.
   *
   * @param published the form that is published
   * @param sighting of the object that counts
   * @param unreadable the parts of the source that may hold it
   */
  public static Optional<ClusterObject> one(
      Optional<ClusterObject> published, Optional<Sighting> sighting, List<Unreadable> unreadable) {
    return sighting.isPresent()
        ? form(sighting.get(), published)
        : published
            .filter(object -> unreadable.stream().anyMatch(u -> u.mayHold(object.origin())))
            .map(DesiredObjects::kept); // N10
  }

  private static Optional<ClusterObject> form(Sighting sighting, Optional<ClusterObject> earlier) {
    return switch (sighting) {
      case Valid(var object) -> Optional.of(unlessPublished(object, earlier));
      case UnknownIsolation(var namespace, _) ->
          Optional.of(unlessPublished(lastReadable(namespace, earlier), earlier));
      case Invalid refused ->
          earlier
              .filter(object -> refused.follows(object.origin()) && !object.origin().failClosed())
              .map(DesiredObjects::kept)
              .or(() -> refused.failClosed().map(object -> unlessPublished(object, earlier)))
              .or(() -> earlier.filter(object -> refused.follows(object.origin()))); // N10
      case Unreadable _ -> Optional.empty();
    };
  }

  private static ClusterObject kept(ClusterObject object) {
    return object.origin().failClosed() ? object : object.withOrigin(object.origin().ofKeptForm());
  }

  /** Returns the published form if it says the same, so that a restart writes nothing. */
  private static ClusterObject unlessPublished(
      ClusterObject object, Optional<ClusterObject> earlier) {
    return earlier.filter(object::sameButForTime).orElse(object);
  }

  private static Namespace lastReadable(Namespace namespace, Optional<ClusterObject> earlier) {
    var isolated =
        earlier.isPresent()
            && earlier.get() instanceof Namespace before
            && before.ingressDefaultDeny(); // L2
    return new Namespace(namespace.key(), namespace.origin(), namespace.labels(), isolated);
  }
}
