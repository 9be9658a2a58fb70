package io.portcullis.sighting;

import io.portcullis.cluster.ObjectKey;
import io.portcullis.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Decides which of several sightings of one object counts: the one in the place that sorts first;
 * within one place a valid one before others, then the one whose text sorts first. The order of
 * documents does not matter.
 */
public final class Duplicates {
  private static final Comparator<Sighting> ORDER =
      Comparator.comparing(Sighting::source)
          .thenComparing(Duplicates::rank)
          .thenComparing(Duplicates::text)
          .thenComparing(Duplicates::seenMicros);

  private Duplicates() {}

  /** Returns the sighting that counts for each known object. */
  public static SortedMap<ObjectKey, Sighting> resolve(Collection<Sighting> sightings) {
    var resolved = new TreeMap<ObjectKey, Sighting>();
    for (var sighting : sightings) {
      sighting.key().ifPresent(key -> resolved.merge(key, sighting, Duplicates::first));
    }
    return resolved;
  }

  /** Returns an error for each sighting that does not count. */
  public static List<Problem> problems(Collection<Sighting> sightings) {
    var resolved = resolve(sightings);
    var problems = new ArrayList<Problem>();
    for (var sighting : sightings) {
      sighting
          .key()
          .filter(key -> resolved.get(key) != sighting)
          .ifPresent(
              key ->
                  problems.add(
                      new Problem(
                          sighting.source(),
                          key.display(),
                          "metadata.name",
                          "Duplicate value: the same object is in "
                              + resolved.get(key).source()
                              + ", which counts",
                          Severity.ERROR)));
    }
    return problems;
  }

  private static Sighting first(Sighting one, Sighting other) {
    return ORDER.compare(one, other) <= 0 ? one : other;
  }

  private static int rank(Sighting sighting) {
    return switch (sighting) {
      case Sighting.Valid _ -> 0;
      case Sighting.UnknownIsolation _ -> 1;
      case Sighting.Invalid _ -> 2;
      case Sighting.Unreadable _ -> 3;
    };
  }

  private static String text(Sighting sighting) {
    return sighting
        .readableForm()
        .map(object -> object.withOrigin(object.origin().seenAt(0)))
        .map(object -> new String(Json.bytes(object), StandardCharsets.UTF_8))
        .orElseGet(() -> sighting instanceof Sighting.Invalid refused ? refused.uid() : "");
  }

  private static long seenMicros(Sighting sighting) {
    return sighting.readableForm().map(object -> object.origin().seenMicros()).orElse(0L);
  }
}
