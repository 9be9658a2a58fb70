package io.portcullis.sighting;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What a source shows in one place: an object, or why there is none. */
public sealed interface Sighting {

  /** The file or other place where it was seen. */
  String source();

  /** The object, as far as it is known which. */
  Optional<ObjectKey> key();

  /** Why it was refused, in part or whole. */
  List<Problem> problems();

  /** Those of parts that cannot be read. */
  static List<Unreadable> unreadable(Collection<Sighting> sightings) {
    return sightings.stream()
        .filter(Unreadable.class::isInstance)
        .map(Unreadable.class::cast)
        .toList();
  }

  /** The same sighting at another time, microseconds since 1970. */
  default Sighting seenAt(long micros) {
    return switch (this) {
      case Valid(var object) -> new Valid(object.withOrigin(object.origin().seenAt(micros)));
      case UnknownIsolation(
              ClusterObject.Namespace(var key, var origin, var labels, var isolated),
              var problems) ->
          new UnknownIsolation(
              new ClusterObject.Namespace(key, origin.seenAt(micros), labels, isolated), problems);
      case Invalid(var id, var source, var uid, var failClosed, var problems) ->
          new Invalid(
              id,
              source,
              uid,
              failClosed.map(object -> object.withOrigin(object.origin().seenAt(micros))),
              problems);
      case Unreadable unreadable -> unreadable;
    };
  }

  /** A valid object. */
  record Valid(ClusterObject object) implements Sighting {
    @Override
    public String source() {
      return object.origin().source();
    }

    @Override
    public Optional<ObjectKey> key() {
      return Optional.of(object.key());
    }

    @Override
    public List<Problem> problems() {
      return List.of();
    }
  }

  /**
   * A namespace whose isolation cannot be read: it is taken, but the last readable isolation stays
   * (L2).
   *
   * @param namespace with no isolation, which is what counts where none was ever read
   */
  record UnknownIsolation(ClusterObject.Namespace namespace, List<Problem> problems)
      implements Sighting {
    public UnknownIsolation {
      problems = List.copyOf(problems);
    }

    @Override
    public String source() {
      return namespace.origin().source();
    }

    @Override
    public Optional<ObjectKey> key() {
      return Optional.of(namespace.key());
    }
  }

  /**
   * An object that is not valid (N10).
   *
   * @param id which object it is
   * @param uid of the object, empty where it has none
   * @param failClosed what stands in for it where no earlier form of it is published
   */
  record Invalid(
      ObjectKey id,
      String source,
      String uid,
      Optional<ClusterObject> failClosed,
      List<Problem> problems)
      implements Sighting {
    public Invalid {
      problems = List.copyOf(problems);
    }

    @Override
    public Optional<ObjectKey> key() {
      return Optional.of(id);
    }

    /**
     * Whether what was seen there is an earlier form of this very object (N10): of the same UID, or
     * of the same file.
     */
    boolean follows(Origin origin) {
      return (!source.equals(Origin.API) && origin.source().equals(source))
          || (!uid.isEmpty() && origin.uid().equals(uid));
    }
  }

  /**
   * A part of a source that cannot be read, so that nobody knows which objects stand in it: what is
   * published from this source stays.
   *
   * @param source a file, or a directory of them with a slash at its end
   */
  record Unreadable(String source, Problem problem) implements Sighting {
    @Override
    public Optional<ObjectKey> key() {
      return Optional.empty();
    }

    @Override
    public List<Problem> problems() {
      return List.of(problem);
    }

    boolean mayHold(Origin origin) {
      return origin.source().equals(source)
          || (source.endsWith("/") && origin.source().startsWith(source));
    }
  }
}
