package io.portcullis.watcher.publish;

import io.portcullis.cluster.KnownKind;
import io.portcullis.cluster.KnownKind.State;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Severity;
import io.portcullis.validation.Kind;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What operators are told of a kind that cannot be read, or is gone.
 *
 * @param objects of the kind that are published
 */
public record KindReport(Kind kind, KnownKind known, List<ObjectKey> objects) {
  private static final int MOST_NAMES = 10;

  public KindReport {
    objects = List.copyOf(objects);
  }

  /** Tells whether operators must know. A kind that never had objects is nobody's loss. */
  boolean isDue() {
    return switch (known.state()) {
      case SERVED -> false;
      case UNREADABLE -> true;
      case UNSERVED -> !objects.isEmpty() || !known.others().isEmpty();
      case MISSING, REMOVED -> !objects.isEmpty();
    };
  }

  /** Tells whether the kind is gone, and its objects with it. */
  public boolean isRemoval() {
    return known.state() == State.REMOVED;
  }

  /** Returns in one word what has happened to the kind, as the reason of an event. */
  public String word() {
    return switch (known.state()) {
      case SERVED -> "KindServed";
      case UNREADABLE -> "KindUnreadable";
      case UNSERVED -> "KindUnserved";
      case MISSING -> "KindMissing";
      case REMOVED -> "KindRemoved";
    };
  }

  /** Returns what has happened to the kind, what becomes of its objects, and what to do. */
  public String text() {
    var since =
        Instant.EPOCH.plus(known.sinceMicros(), ChronoUnit.MICROS).truncatedTo(ChronoUnit.SECONDS);
    return switch (known.state()) {
      case SERVED -> "served in " + known.apiVersion();
      case UNREADABLE ->
          "cannot be read since %s: %s; %s".formatted(since, known.reason(), frozen());
      case UNSERVED ->
          "not served since %s in a version that this watcher knows (%s): %s; %s; serve a known version, upgrade Portcullis, or give the kind up with PORTCULLIS_FORGET_KINDS=%s"
              .formatted(
                  since,
                  String.join(", ", kind.apiVersions()),
                  known.reason(),
                  frozen(),
                  kind.kind());
      case MISSING -> "not served since %s: %s; %s".formatted(since, known.reason(), frozen());
      case REMOVED ->
          "removed at %s: %s; objects that are not enforced any more: %d (%s)"
              .formatted(since, known.reason(), objects.size(), names());
    };
  }

  private String frozen() {
    return switch (objects.size()) {
      case 0 -> "none of its objects is known, so none is enforced";
      case 1 -> "its object stays enforced as it was: " + names();
      default -> "its %d objects stay enforced as they were: %s".formatted(objects.size(), names());
    };
  }

  private String names() {
    var more = objects.size() - MOST_NAMES;
    return objects.stream()
        .limit(MOST_NAMES)
        .map(ObjectKey::name)
        .collect(Collectors.joining(", ", "", more > 0 ? " and %d more".formatted(more) : ""));
  }

  /** Returns the problem of a kind whose objects stay as they were. */
  public Problem problem() {
    return new Problem(Origin.API, kind.kind(), "apiVersion", text(), Severity.ERROR);
  }
}
