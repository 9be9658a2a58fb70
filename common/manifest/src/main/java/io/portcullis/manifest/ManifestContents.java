package io.portcullis.manifest;

import io.portcullis.sighting.Duplicates;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Sighting;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a set of manifests shows, the same whatever the order of its files and documents.
 *
 * @param sightings all of them, by place; of an object that is seen twice only the one that counts
 * @param problems all that is to be told, the sightings' own problems too
 */
public record ManifestContents(List<Sighting> sightings, List<Problem> problems) {
  private static final Comparator<Sighting> ORDER =
      Comparator.comparing(Sighting::source)
          .thenComparing(sighting -> sighting.key().map(Object::toString).orElse(""))
          .thenComparing(sighting -> sighting.problems().toString());

  public ManifestContents {
    sightings = List.copyOf(sightings);
    problems = List.copyOf(problems);
  }

  public static ManifestContents of(Collection<FileContents> files) {
    var all = files.stream().flatMap(file -> file.sightings().stream()).toList();
    var counting = Duplicates.resolve(all);
    var sightings = new ArrayList<Sighting>(counting.values());
    all.stream().filter(sighting -> sighting.key().isEmpty()).forEach(sightings::add);
    sightings.sort(ORDER);
    var problems =
        Stream.of(
                sightings.stream().flatMap(sighting -> sighting.problems().stream()),
                files.stream().flatMap(file -> file.remarks().stream()),
                Duplicates.problems(all).stream())
            .flatMap(stream -> stream)
            .sorted()
            .distinct()
            .toList();
    return new ManifestContents(sightings, problems);
  }
}
