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

/** What should be published, from what is published already and what the source shows. */
public final class DesiredObjects {
  private DesiredObjects() {}

  /**
   * The same for the same sightings, whatever their order, and with the result published already.
   *
   * @param published may be what an earlier process published
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
   * Of one object.
   *
   * @param published the form of it that is
   * @param sighting of it that counts
   * @param unreadable the source's parts that may hold it
   */
  public static Optional<ClusterObject> one(
      Optional<ClusterObject> published, Optional<Sighting> sighting, List<Unreadable> unreadable) {
    return sighting.isPresent()
        ? form(sighting.get(), published)
        : published.filter(
            object -> unreadable.stream().anyMatch(u -> u.mayHold(object.origin()))); // N10
  }

  private static Optional<ClusterObject> form(Sighting sighting, Optional<ClusterObject> earlier) {
    return switch (sighting) {
      case Valid(var object) -> Optional.of(unlessPublished(object, earlier));
      case UnknownIsolation(var namespace, _) ->
          Optional.of(unlessPublished(lastReadable(namespace, earlier), earlier));
      case Invalid refused ->
          earlier
              .filter(object -> refused.follows(object.origin()) && !object.origin().failClosed())
              .or(() -> refused.failClosed().map(object -> unlessPublished(object, earlier)))
              .or(() -> earlier.filter(object -> refused.follows(object.origin()))); // N10
      case Unreadable _ -> Optional.empty();
    };
  }

  /** What is published already, where it says the same: a restart then writes nothing. */
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
