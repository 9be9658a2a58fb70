package io.portcullis.watcher.source;

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
 * The same object seen twice: the sighting in the place that sorts first counts; within one place a
 * valid one before others, then the one whose text sorts first, so that the order of documents
 * never matters.
 */
public final class Duplicates {
  private static final Comparator<Sighting> ORDER =
      Comparator.comparing(Sighting::source)
          .thenComparing(Duplicates::rank)
          .thenComparing(Duplicates::text);

  private Duplicates() {}

  /** The sighting that counts for each object that is known. */
  public static SortedMap<ObjectKey, Sighting> counting(Collection<Sighting> sightings) {
    var counting = new TreeMap<ObjectKey, Sighting>();
    for (var sighting : sightings) {
      sighting.key().ifPresent(key -> counting.merge(key, sighting, Duplicates::first));
    }
    return counting;
  }

  /** One error for each sighting that does not count because of another one. */
  public static List<Problem> problems(Collection<Sighting> sightings) {
    var counting = counting(sightings);
    var problems = new ArrayList<Problem>();
    for (var sighting : sightings) {
      sighting
          .key()
          .filter(key -> counting.get(key) != sighting)
          .ifPresent(
              key ->
                  problems.add(
                      new Problem(
                          sighting.source(),
                          key.display(),
                          "metadata.name",
                          "Duplicate value: the same object is in "
                              + counting.get(key).source()
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
      case Sighting.Good _ -> 0;
      case Sighting.UnknownIsolation _ -> 1;
      case Sighting.Refused _ -> 2;
      case Sighting.Unreadable _ -> 3;
    };
  }

  private static String text(Sighting sighting) {
    return switch (sighting) {
      case Sighting.Good(var object) -> json(object.withOrigin(object.origin().seenAt(0)));
      case Sighting.UnknownIsolation(var namespace, _) -> json(namespace);
      case Sighting.Refused refused -> refused.failClosed().map(Duplicates::json).orElse("");
      case Sighting.Unreadable unreadable -> unreadable.problem().text();
    };
  }

  private static String json(Object value) {
    return new String(Json.bytes(value), StandardCharsets.UTF_8);
  }
}
