package io.portcullis.sighting;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** An object in one place of a source, or the reason why it cannot be read. */
public sealed interface Sighting {

  /** Returns the file or other place of the sighting. */
  String source();

  /** Returns the key of the object, if it is known. */
  Optional<ObjectKey> key();

  /** Returns why the object was refused, in part or whole. */
  List<Problem> problems();

  /** Returns the object if it is valid as a whole. */
  default Optional<ClusterObject> valid() {
    return this instanceof Valid(var object) ? Optional.of(object) : Optional.empty();
  }

  /** Returns the object as far as it can be read, which may be what fails closed in its place. */
  default Optional<ClusterObject> readableForm() {
    return switch (this) {
      case Valid(var object) -> Optional.of(object);
      case UnknownIsolation(var namespace, _) -> Optional.of(namespace);
      case Invalid invalid -> invalid.failClosed();
      case Unreadable _ -> Optional.empty();
    };
  }

  /** Returns the sightings of parts that cannot be read. */
  static List<Unreadable> unreadable(Collection<Sighting> sightings) {
    return sightings.stream()
        .filter(Unreadable.class::isInstance)
        .map(Unreadable.class::cast)
        .toList();
  }

  /** Returns this sighting at another time, in microseconds since 1970. */
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
   * A namespace whose isolation cannot be read. It is accepted, and the last readable isolation
   * stays (L2).
   *
   * @param namespace without isolation, which counts if none was ever read
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
   * @param id the key of the object
   * @param uid of the object, or empty
   * @param failClosed the form to publish if no earlier form of the object is published
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
     * Returns whether an origin is that of an earlier form of this object (N10): one with the same
     * UID, or in the same file.
     */
    boolean follows(Origin origin) {
      return (!source.equals(Origin.API) && origin.source().equals(source))
          || (!uid.isEmpty() && origin.uid().equals(uid));
    }
  }

  /**
   * A part of a source that cannot be read. It may hold any object, so what is published from this
   * part stays.
   *
   * @param source a file, or a directory with a slash at its end
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
